-- Prepare: a study assembled, co-registered, brain-masked and equalized by one plan.
create table preparation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  study_id uuid not null,
  job_id uuid not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'READY', 'NEEDS_REVIEW', 'FAILED')),
  plan jsonb not null,
  plan_hash text not null check (plan_hash ~ '^[0-9a-f]{64}$'),
  -- Counts the preparations of a study; a changed role makes a new one.
  number integer not null,
  -- Hash of the file with channels and brain mask on the model's grid.
  prepared_sha256 text,
  -- Grid of BRAVO as acquired, on which labels are drawn: {size, indexToLps}.
  bravo_grid jsonb,
  brain_mask_volume_mm3 double precision,
  warnings text[] not null default '{}',
  judged_by uuid,
  judgement text check (judgement in ('USABLE', 'UNUSABLE')),
  judgement_reason text,
  judged_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, study_id, number),
  check (state not in ('READY', 'NEEDS_REVIEW') or (prepared_sha256 is not null and bravo_grid is not null)),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id),
  foreign key (tenant_id, judged_by) references member (tenant_id, id)
);
create index on preparation (tenant_id, job_id);
call protect('preparation', 'exists (select from study s where s.tenant_id = preparation.tenant_id and s.id = preparation.study_id)');

-- How a series was laid on BRAVO.
create table registration (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  preparation_id uuid not null,
  series_id uuid not null,
  -- From BRAVO to the series, LPS mm, 4x4 by rows.
  matrix double precision[] not null check (cardinality(matrix) = 16),
  rotation_degrees double precision not null,
  translation_mm double precision not null,
  nmi double precision not null,
  plausible boolean not null,
  -- PNG in the object store.
  checkerboard_sha256 text not null,
  primary key (tenant_id, id),
  unique (tenant_id, preparation_id, series_id),
  foreign key (tenant_id, preparation_id) references preparation (tenant_id, id),
  foreign key (tenant_id, series_id) references series (tenant_id, id)
);
call protect('registration', 'exists (select from preparation p where p.tenant_id = registration.tenant_id and p.id = registration.preparation_id)');

grant select, insert, update on preparation to :app_role;
grant select, insert on registration to :app_role;
