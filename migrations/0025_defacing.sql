-- Removal of faces: images of a site that has chosen it are withheld until a worker has made copies without a face.
alter table deidentification_profile add column deface boolean not null default false;

alter table job
  drop constraint job_kind_check,
  add check (kind in ('DEFACE', 'PREPARE', 'COMPARE', 'EXPIRE', 'RETRAIN', 'TRAIN', 'EVALUATE', 'SEGMENT', 'DELIVER'));

-- Images that nobody may read yet. They are in no other table, so that nothing that lists or serves images can forget to leave them out;
-- and no member sees a row, whatever their role: only the service does. Their bytes are in quarantine, under the study and this hash.
create table withheld_instance (
  tenant_id uuid not null references tenant (id),
  sop_instance_uid text not null,
  -- Who adds one holds the study's key until the bytes are stored; who erases bytes that no row names waits for that.
  study_id uuid not null,
  series_id uuid not null,
  frame_count integer not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  source_hash text not null,
  size_bytes bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, sop_instance_uid),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, series_id) references series (tenant_id, id)
);
create index on withheld_instance (tenant_id, study_id);
create index on withheld_instance (tenant_id, series_id);
call protect('withheld_instance', '(select current_member()) is null');

-- A job that gives withheld images of a study out: without faces, or as they are by a coordinator's decision.
create table defacing (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  study_id uuid not null,
  job_id uuid not null,
  decision text not null default 'DEFACE' check (decision in ('DEFACE', 'RELEASE')),
  -- Null if an upload began it.
  decided_by uuid,
  reason text,
  -- Once done: of the algorithm, null for a release; how many images were given out, and in how many of them something was removed.
  version text,
  instance_count integer,
  changed_count integer,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (decision = 'DEFACE' or (decided_by is not null and reason is not null)),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id),
  foreign key (tenant_id, decided_by) references member (tenant_id, id)
);
create index on defacing (tenant_id, study_id, id desc);
call protect('defacing', 'exists (select from study s where s.tenant_id = defacing.tenant_id and s.id = defacing.study_id)');

grant select, insert, delete on withheld_instance to :app_role;
grant select, insert on defacing to :app_role;
grant update (version, instance_count, changed_count) on defacing to :app_role;

-- A series of which every image is withheld is not listed.
create or replace view dicom_series with (security_invoker = true) as
  select e.tenant_id, e.study_id, e.series_instance_uid, e.modality, e.description, e.series_number, e.instance_count
  from series e where not e.replaced and e.instance_count > 0
  union all
  select v.tenant_id, t.study_id, v.seg_series_instance_uid, 'SEG',
    case when v.read_id is null then 'Ground truth, ' else 'Label of a read, ' end || v.lesion_count || ' metastases', 900, 1
  from revision v
  join task t on t.tenant_id = v.tenant_id and t.id = v.task_id
  where v.seg_series_instance_uid is not null
    and (v.id = t.ground_truth_id or checks_revision(v.id)
      or exists (select from read r where r.tenant_id = v.tenant_id and r.head_id = v.id))
  union all
  select x.tenant_id, s.study_id, x.series_instance_uid,
    case x.kind when 'SEG' then 'SEG' when 'MEASUREMENTS' then 'SR' when 'CONTOURS' then 'RTSTRUCT' else 'MR' end,
    case x.kind when 'SEG' then 'Metastases' when 'MEASUREMENTS' then 'Measurements of metastases' when 'CONTOURS' then 'Contours of metastases'
      else 'Probability of metastasis' end || ', Metloop model ' || m.number,
    case x.kind when 'SEG' then 910 when 'MEASUREMENTS' then 912 when 'CONTOURS' then 913 else 911 end, 1
  from segmentation_result x
  join segmentation s on s.tenant_id = x.tenant_id and s.id = x.segmentation_id
  join model_version m on m.tenant_id = s.tenant_id and m.id = s.model_version_id;
