-- Learn and judge: training runs on a frozen dataset, what they led to, and how it was judged.
create table training_run (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  dataset_id uuid not null,
  job_id uuid not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  plan jsonb not null,
  plan_hash text not null check (plan_hash ~ '^[0-9a-f]{64}$'),
  warm_start_id uuid,
  started_by uuid not null,
  idempotency_key text not null,
  -- Weights as learnt, before they are judged.
  weights_sha256 text,
  log_sha256 text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, started_by, idempotency_key),
  foreign key (tenant_id, dataset_id) references dataset (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id),
  foreign key (tenant_id, started_by) references member (tenant_id, id)
);
create index on training_run (tenant_id, job_id);
call protect('training_run');

create table training_metric (
  tenant_id uuid not null,
  training_run_id uuid not null,
  step integer not null check (step > 0),
  epoch double precision not null,
  loss double precision not null,
  learning_rate double precision not null,
  development_auc double precision,
  slices_per_second double precision not null,
  memory_bytes bigint not null,
  primary key (tenant_id, training_run_id, step),
  foreign key (tenant_id, training_run_id) references training_run (tenant_id, id)
);
call protect('training_metric');

-- State to resume from.
create table checkpoint (
  tenant_id uuid not null,
  training_run_id uuid not null,
  step integer not null,
  attempt integer not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  saved_at timestamptz not null default now(),
  primary key (tenant_id, training_run_id, step),
  foreign key (tenant_id, training_run_id) references training_run (tenant_id, id)
);
call protect('checkpoint');

-- An immutable model, published only after its evaluation.
create table model_version (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  number integer not null check (number > 0),
  state text not null default 'CANDIDATE' check (state in ('CANDIDATE', 'IN_REVIEW', 'APPROVED', 'REJECTED', 'RETIRED')),
  training_run_id uuid not null,
  threshold double precision not null check (threshold between 0 and 1),
  threshold_rule text not null check (threshold_rule in ('YOUDEN', 'MAX_DICE')),
  intended_use text not null default '',
  limits text not null default '',
  published_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, number),
  unique (tenant_id, training_run_id),
  foreign key (tenant_id, training_run_id) references training_run (tenant_id, id)
);
call protect('model_version');
alter table training_run add foreign key (tenant_id, warm_start_id) references model_version (tenant_id, id);

create table artifact (
  tenant_id uuid not null,
  model_version_id uuid not null,
  kind text not null check (kind in ('WEIGHTS', 'SAVED_MODEL', 'PLAN', 'MANIFEST')),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  primary key (tenant_id, model_version_id, kind),
  foreign key (tenant_id, model_version_id) references model_version (tenant_id, id)
);
call protect('artifact');

-- A trained network judged on one side of a dataset; the first one of a run decides whether a version is published.
create table evaluation (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  training_run_id uuid not null,
  model_version_id uuid,
  dataset_id uuid not null,
  subset text not null check (subset in ('DEVELOPMENT', 'TEST')),
  job_id uuid not null,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  -- The report as JSON (core/domain/evaluation-report.ts) in the object store; a review signs this hash.
  report_sha256 text,
  report jsonb,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (state <> 'SUCCEEDED' or report_sha256 is not null),
  foreign key (tenant_id, training_run_id) references training_run (tenant_id, id),
  foreign key (tenant_id, model_version_id) references model_version (tenant_id, id),
  foreign key (tenant_id, dataset_id) references dataset (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id)
);
create index on evaluation (tenant_id, job_id);
create index on evaluation (tenant_id, training_run_id);
call protect('evaluation');
-- Its report is under review, or was.
alter table model_version add column evaluation_id uuid;
alter table model_version add foreign key (tenant_id, evaluation_id) references evaluation (tenant_id, id);

grant select, insert, update on training_run, model_version, evaluation to :app_role;
grant select, insert on training_metric, checkpoint, artifact to :app_role;
