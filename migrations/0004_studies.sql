-- Upload: bytes are quarantined until they are de-identified; what is listed here has been.
create table upload (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  site_id uuid not null,
  member_id uuid not null,
  received_files integer not null default 0,
  received_bytes bigint not null default 0,
  stored_instances integer not null default 0,
  refused_files integer not null default 0,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, site_id) references site (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create index on upload (tenant_id, site_id, id desc);
call protect('upload', 'sees_site(site_id)');

-- A patient, known only by a pseudonym.
create table subject (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  -- PatientID of the de-identified files.
  pseudonym text not null,
  sex text check (sex in ('FEMALE', 'MALE', 'OTHER')),
  -- Side of the split; TEST is for ever.
  subset text check (subset in ('TRAIN', 'DEVELOPMENT', 'TEST')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, pseudonym)
);
call protect('subject');

create function keep_test_membership() returns trigger language plpgsql as $$
begin
  if old.subset = 'TEST' and new.subset is distinct from 'TEST' then
    raise exception 'membership of the test set is permanent' using errcode = 'restrict_violation';
  end if;
  if old.subset in ('TRAIN', 'DEVELOPMENT') and new.subset = 'TEST' then
    raise exception 'a patient that was learnt from cannot enter the test set' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger keep_test_membership before update of subset on subject for each row execute function keep_test_membership();

create table study (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  site_id uuid not null,
  subject_id uuid not null,
  study_instance_uid text not null,
  -- Shifted by the patient's secret offset.
  study_date date,
  age_years integer check (age_years between 0 and 90),
  description text,
  scanner text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, study_instance_uid),
  foreign key (tenant_id, site_id) references site (tenant_id, id),
  foreign key (tenant_id, subject_id) references subject (tenant_id, id)
);
create index on study (tenant_id, id desc);
create index on study (tenant_id, subject_id);
call protect('study', 'sees_site(site_id)');
create trigger notify_change after insert or update on study for each row execute function notify_change('study');

create table series (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  study_id uuid not null,
  series_instance_uid text not null,
  modality text not null,
  description text,
  series_number integer,
  frame_of_reference_uid text,
  role text not null default 'OTHER' check (role in ('T1_PRE', 'T1_POST', 'BRAVO', 'FLAIR', 'OTHER')),
  role_reason text not null default '',
  role_set_by_member boolean not null default false,
  -- Set for a co-registered copy on the BRAVO grid.
  derived_from_id uuid,
  -- True for a derived series once a newer preparation has made another: it is kept, for what refers to it, and no longer listed.
  replaced boolean not null default false,
  -- Acquisition parameters as read from the header (SeriesParameters of core/dicom).
  parameters jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, series_instance_uid),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, derived_from_id) references series (tenant_id, id)
);
create index on series (tenant_id, study_id);
-- Of one role a study has one acquired series.
create unique index one_series_a_role on series (tenant_id, study_id, role) where role <> 'OTHER' and derived_from_id is null;
call protect('series', 'exists (select from study s where s.tenant_id = series.tenant_id and s.id = series.study_id)');

create table instance (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  series_id uuid not null,
  sop_instance_uid text not null,
  sop_class_uid text not null,
  transfer_syntax_uid text not null,
  frame_count integer not null default 1,
  instance_number integer,
  -- Of the de-identified file, which the object store holds under this hash.
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Keyed hash of the file as it was sent: tells a repeat from other bytes under the same UID.
  source_hash text not null,
  size_bytes bigint not null,
  -- DICOM JSON without bulk data (PS3.18 F).
  metadata jsonb not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, sop_instance_uid),
  foreign key (tenant_id, series_id) references series (tenant_id, id)
);
create index on instance (tenant_id, series_id);
call protect('instance', 'exists (select from series s where s.tenant_id = instance.tenant_id and s.id = instance.series_id)');

-- A refused file, without anything that tells whose it was.
create table refusal (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  upload_id uuid not null,
  code text not null check (code in ('UNREADABLE', 'OUT_OF_BOUNDS', 'UNSUPPORTED_CLASS', 'BURNED_IN', 'UID_CONFLICT', 'NOT_DEIDENTIFIED')),
  message text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, upload_id) references upload (tenant_id, id)
);
create index on refusal (tenant_id, upload_id);
call protect('refusal', 'exists (select from upload u where u.tenant_id = refusal.tenant_id and u.id = refusal.upload_id)');

grant select, insert, update on upload, subject, study, series to :app_role;
grant select, insert on instance, refusal to :app_role;
