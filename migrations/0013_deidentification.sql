-- De-identification: what each site has chosen, and what was done to each study.

-- A choice never changes: a changed one is a further version, so that a study goes on naming the one that was applied to it.
-- Version 1 is the built-in one, of which no row is needed.
create table deidentification_profile (
  tenant_id uuid not null references tenant (id),
  site_id uuid not null,
  version integer not null check (version > 1),
  clean_descriptors boolean not null,
  clean_structured_content boolean not null,
  retain_longitudinal boolean not null,
  retain_patient_characteristics boolean not null,
  retain_device_identity boolean not null,
  retain_safe_private boolean not null,
  set_by uuid not null,
  set_at timestamptz not null default now(),
  primary key (tenant_id, site_id, version),
  foreign key (tenant_id, site_id) references site (tenant_id, id),
  foreign key (tenant_id, set_by) references member (tenant_id, id)
);
call protect('deidentification_profile', 'sees_site(site_id)');
create trigger immutable before update or delete on deidentification_profile for each row execute function refuse_change();

-- What was done to the files of a study: one row for all files to which the same was done under one version, which most of a series are.
create table deidentification_outcome (
  tenant_id uuid not null references tenant (id),
  study_id uuid not null,
  profile_version integer not null check (profile_version > 0),
  -- SHA-256 of the counts.
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  -- Of one file: counts by attribute and action, and by rule; never a value.
  counts jsonb not null,
  instance_count integer not null default 1 check (instance_count > 0),
  primary key (tenant_id, study_id, profile_version, digest),
  foreign key (tenant_id, study_id) references study (tenant_id, id)
);
call protect('deidentification_outcome',
  'exists (select from study s where s.tenant_id = deidentification_outcome.tenant_id and s.id = deidentification_outcome.study_id)');

grant select, insert on deidentification_profile, deidentification_outcome to :app_role;
grant update (instance_count) on deidentification_outcome to :app_role;
