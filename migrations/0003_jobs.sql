-- Work for workers. The queue (pg-boss) carries ids only; this is the truth. A worker holds a job by a lease that it renews,
-- and every write it makes is fenced by the attempt number, so that a worker that was thought dead can change nothing.
create table job (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  kind text not null check (kind in ('PREPARE', 'COMPARE', 'TRAIN', 'EVALUATE', 'SEGMENT')),
  -- The preparation, task, training run, evaluation or segmentation that it is for.
  object_id uuid not null,
  site_id uuid,
  state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
  attempt integer not null default 0,
  max_attempts integer not null default 3,
  lease_until timestamptz,
  step text,
  fraction double precision not null default 0 check (fraction between 0 and 1),
  message text,
  failure_code text,
  failure_message text,
  failure_retryable boolean,
  -- Counts changes; the cursor of subscriptions.
  change_number bigint not null default 0,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'FAILED') = (failure_code is not null))
);
create index on job (tenant_id, object_id);
create index on job (tenant_id, state) where state in ('QUEUED', 'RUNNING');
call protect('job');

create function count_change() returns trigger language plpgsql as $$
begin
  new.change_number := old.change_number + 1;
  return new;
end $$;
create trigger count_change before update on job for each row execute function count_change();
create trigger notify_change after insert or update on job for each row execute function notify_change('job');

grant select, insert, update on job to :app_role;
