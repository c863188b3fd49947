-- Uploads whose files are sent one by one to addresses that are signed for them.
alter table upload
  -- Of the member's own; null for an upload that is one request, such as by STOW-RS.
  add column idempotency_key text,
  add unique (tenant_id, member_id, idempotency_key);

-- A file that arrived at its address, in the transaction that stored or refused it.
create table upload_arrival (
  tenant_id uuid not null references tenant (id),
  upload_id uuid not null,
  -- Keyed hash of the upload and the file as it was sent: nobody who has a file can ask by it whether it is here.
  file_key text not null check (file_key ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  -- The study that the file went into, or why it was refused.
  study_id uuid,
  refusal_id uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, upload_id, file_key),
  check ((study_id is null) <> (refusal_id is null)),
  foreign key (tenant_id, upload_id) references upload (tenant_id, id),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, refusal_id) references refusal (tenant_id, id)
);
call protect('upload_arrival', 'exists (select from upload u where u.tenant_id = upload_arrival.tenant_id and u.id = upload_arrival.upload_id)');
grant select, insert on upload_arrival to :app_role;
