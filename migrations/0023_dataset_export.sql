-- Datasets written out: who took one when and in which form, how far it is, and how it ended. The archive itself is kept nowhere.
create table dataset_export (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  dataset_id uuid not null,
  format text not null check (format in ('BIDS', 'NNUNET', 'DICOM_SEG')),
  state text not null default 'RUNNING' check (state in ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  requested_by uuid not null,
  case_count integer not null check (case_count > 0),
  cases_done integer not null default 0 check (cases_done between 0 and case_count),
  file_count integer not null default 0,
  -- Of the files, before they are packed.
  size_bytes bigint not null default 0,
  -- Of manifest.json in the archive, once it has been sent.
  manifest_sha256 text check (manifest_sha256 ~ '^[0-9a-f]{64}$'),
  -- Why it ended early.
  message text,
  started_at timestamptz not null default now(),
  -- The last sign of the server that sends it, which may end without a word.
  seen_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'RUNNING') = (ended_at is null)),
  check ((state = 'SUCCEEDED') = (manifest_sha256 is not null)),
  foreign key (tenant_id, dataset_id) references dataset (tenant_id, id),
  foreign key (tenant_id, requested_by) references member (tenant_id, id)
);
create index on dataset_export (tenant_id, dataset_id, id desc);
-- How many cases a dataset has tells whoever reads one of them blind that it was accepted before.
call protect('dataset_export', '(select not reads_blind())');

grant select, insert on dataset_export to :app_role;
grant update (state, cases_done, file_count, size_bytes, manifest_sha256, message, seen_at, ended_at) on dataset_export to :app_role;
