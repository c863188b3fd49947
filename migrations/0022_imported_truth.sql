-- Labels that come with a data set: ground truth of a round of its own, in which nobody here has read.
alter table task
  -- Null for a round whose label was imported: it is accepted in the transaction that opens it.
  alter column protocol_id drop not null,
  add check (protocol_id is not null or state in ('OPEN', 'ACCEPTED'));

-- Where a ground truth comes from that no reader here has drawn.
create table label_import (
  tenant_id uuid not null,
  revision_id uuid not null,
  study_id uuid not null,
  -- As the data set's name and release.
  source text not null check (length(source) between 3 and 200),
  reason text not null check (length(reason) between 5 and 500),
  -- By declaration of the source: outlines were begun from what a program had found.
  began_as_draft boolean not null,
  -- The SEG that was sent; null for a label without a lesion.
  sent_sop_instance_uid text,
  -- Who imported it.
  member_id uuid not null,
  idempotency_key text not null check (length(idempotency_key) between 8 and 64),
  imported_at timestamptz not null default now(),
  primary key (tenant_id, revision_id),
  unique (tenant_id, member_id, idempotency_key),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
-- Whoever may not see a label learns nothing of where it comes from.
call protect('label_import', 'exists (select from revision r where r.tenant_id = label_import.tenant_id and r.id = label_import.revision_id)');
create trigger immutable before update or delete on label_import for each row execute function refuse_change();

grant select, insert on label_import to :app_role;
