-- Judge, roll out, serve.
create table review (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  model_version_id uuid not null,
  evaluation_id uuid not null,
  decision text not null check (decision in ('APPROVE', 'REJECT')),
  comment text not null,
  member_id uuid not null,
  signed_name text not null,
  signed_meaning text not null,
  signed_sha256 text not null,
  signed_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, model_version_id) references model_version (tenant_id, id),
  foreign key (tenant_id, evaluation_id) references evaluation (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create index on review (tenant_id, model_version_id);
call protect('review');
create trigger immutable before update or delete on review for each row execute function refuse_change();

create table rollout (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  model_version_id uuid not null,
  stage text not null check (stage in ('SHADOW', 'CANARY', 'LIVE', 'ROLLED_BACK', 'SUPERSEDED')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, model_version_id) references model_version (tenant_id, id)
);

-- Where a rollout counts. Which version serves a site is read off these rows at the moment of a request.
create table rollout_site (
  tenant_id uuid not null,
  rollout_id uuid not null,
  site_id uuid not null,
  stage text not null check (stage in ('SHADOW', 'CANARY', 'LIVE', 'ROLLED_BACK', 'SUPERSEDED')),
  -- What was live here when this rollout went live; a rollback brings it back.
  previous_rollout_id uuid,
  live_since timestamptz,
  primary key (tenant_id, rollout_id, site_id),
  foreign key (tenant_id, rollout_id) references rollout (tenant_id, id),
  foreign key (tenant_id, previous_rollout_id) references rollout (tenant_id, id),
  foreign key (tenant_id, site_id) references site (tenant_id, id)
);
create unique index one_live_version_a_site on rollout_site (tenant_id, site_id) where stage = 'LIVE';
call protect('rollout_site', 'sees_site(site_id)');
call protect('rollout',
  'current_sites() is null
   or exists (select from rollout_site r where r.tenant_id = rollout.tenant_id and r.rollout_id = rollout.id)');

create table rollout_step (
  tenant_id uuid not null,
  rollout_id uuid not null,
  number integer not null check (number > 0),
  stage text not null check (stage in ('SHADOW', 'CANARY', 'LIVE', 'ROLLED_BACK', 'SUPERSEDED')),
  member_id uuid not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (tenant_id, rollout_id, number),
  foreign key (tenant_id, rollout_id) references rollout (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
call protect('rollout_step', 'exists (select from rollout r where r.tenant_id = rollout_step.tenant_id and r.id = rollout_step.rollout_id)');

-- A version's answer for a study.
create table segmentation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  study_id uuid not null,
  preparation_id uuid not null,
  -- Fixed when it was requested.
  model_version_id uuid not null,
  rollout_id uuid not null,
  requested_by uuid not null,
  job_id uuid not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')),
  idempotency_key text not null,
  -- Findings that are not among the lesions: [{reason, volumeMm3, centroidLps, probability}].
  dropped jsonb not null default '[]',
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, requested_by, idempotency_key),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, preparation_id) references preparation (tenant_id, id),
  foreign key (tenant_id, model_version_id) references model_version (tenant_id, id),
  foreign key (tenant_id, rollout_id) references rollout (tenant_id, id),
  foreign key (tenant_id, requested_by) references member (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id)
);
create index on segmentation (tenant_id, study_id);
create index on segmentation (tenant_id, job_id);
-- Whoever reads the study blind learns nothing of what a model found in it.
call protect('segmentation',
  'exists (select from study s where s.tenant_id = segmentation.tenant_id and s.id = segmentation.study_id) and not is_blind_to_study(study_id)');
create trigger notify_change after insert or update on segmentation for each row execute function notify_change('segmentation');

create table segmentation_result (
  tenant_id uuid not null,
  segmentation_id uuid not null,
  kind text not null check (kind in ('SEG', 'PROBABILITY_MAP')),
  series_instance_uid text not null,
  sop_instance_uid text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  primary key (tenant_id, segmentation_id, kind),
  foreign key (tenant_id, segmentation_id) references segmentation (tenant_id, id)
);
call protect('segmentation_result',
  'exists (select from segmentation s where s.tenant_id = segmentation_result.tenant_id and s.id = segmentation_result.segmentation_id)');

alter table lesion add column segmentation_id uuid;
alter table lesion add column probability double precision;
alter table lesion add foreign key (tenant_id, segmentation_id) references segmentation (tenant_id, id);
alter table lesion add check (num_nonnulls(revision_id, segmentation_id) = 1);
create unique index on lesion (tenant_id, segmentation_id, number);
drop policy tenant on lesion;
call protect('lesion',
  'exists (select from revision r where r.tenant_id = lesion.tenant_id and r.id = lesion.revision_id)
   or exists (select from segmentation s where s.tenant_id = lesion.tenant_id and s.id = lesion.segmentation_id)');

grant select, insert on review, rollout_step, segmentation_result to :app_role;
grant select, insert, update on rollout, rollout_site, segmentation to :app_role;
