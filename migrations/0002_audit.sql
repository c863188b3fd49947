-- Always: what happened. Append-only; each event holds the hash of the one before, so that a changed, lost or reordered one shows.
create table audit_event (
  tenant_id uuid not null references tenant (id),
  number bigint not null check (number > 0),
  at timestamptz not null,
  member_id uuid,
  action text not null,
  object_type text not null,
  object_id uuid not null,
  reason text,
  -- Patients' data appear as hashes only.
  changes jsonb not null default '{}',
  request_id text not null,
  previous_hash bytea not null,
  hash bytea not null check (octet_length(hash) = 32),
  primary key (tenant_id, number),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create index on audit_event (tenant_id, object_id);
call protect('audit_event');

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger append_only before update or delete on audit_event for each row execute function refuse_change();
create trigger append_only_truncate before truncate on audit_event for each statement execute function refuse_change();

-- The end of each tenant's chain; its row lock puts events in one order.
create table audit_head (
  tenant_id uuid primary key references tenant (id),
  number bigint not null,
  hash bytea not null
);
call protect('audit_head');

grant select, insert on audit_event to :app_role;
grant select, insert, update on audit_head to :app_role;
