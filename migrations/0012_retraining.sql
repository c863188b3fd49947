-- Retraining: a run that starts by itself after so many newly accepted labels, and what each version's weights began from.
alter table job
  drop constraint job_kind_check,
  add check (kind in ('PREPARE', 'COMPARE', 'RETRAIN', 'TRAIN', 'EVALUATE', 'SEGMENT'));

-- When training starts by itself, and by which plan. A changed policy is a new row, so that each run shows the one that started it.
create table retraining_policy (
  tenant_id uuid not null references tenant (id),
  number integer not null check (number > 0),
  after_accepted_labels integer not null check (after_accepted_labels between 1 and 10000),
  -- Fields that were given; the others are chosen when a run starts.
  plan jsonb not null,
  -- From the newest APPROVED version.
  warm_start boolean not null,
  seed integer not null check (seed >= 0),
  test_per_group integer not null check (test_per_group between 1 and 1000),
  train_per_development integer not null check (train_per_development between 1 and 1000),
  set_by uuid not null,
  set_at timestamptz not null default now(),
  primary key (tenant_id, number),
  foreign key (tenant_id, set_by) references member (tenant_id, id)
);
call protect('retraining_policy');
create trigger immutable before update or delete on retraining_policy for each row execute function refuse_change();

-- Where the tenant's policy stands. Its row lock puts acceptances, runs that start and changes of the policy in one order.
create table retraining (
  tenant_id uuid primary key references tenant (id),
  policy_number integer not null,
  paused boolean not null default false,
  -- Labels accepted since the last run that the policy started, or since there is a policy.
  accepted_labels integer not null default 0 check (accepted_labels >= 0),
  -- What came of it the last time that there were labels enough.
  outcome text check (outcome in ('STARTED', 'IMPOSSIBLE', 'FAILED')),
  outcome_message text,
  outcome_labels integer,
  outcome_at timestamptz,
  outcome_run_id uuid,
  check (num_nulls(outcome, outcome_message, outcome_labels, outcome_at) in (0, 4)),
  check ((outcome is not distinct from 'STARTED') = (outcome_run_id is not null)),
  foreign key (tenant_id, policy_number) references retraining_policy (tenant_id, number),
  foreign key (tenant_id, outcome_run_id) references training_run (tenant_id, id)
);
call protect('retraining');

-- Counts here rather than in a program, so that no way by which a label is accepted can be forgotten.
create function count_accepted_label() returns trigger language plpgsql as $$
begin
  update retraining set accepted_labels = accepted_labels + 1 where tenant_id = new.tenant_id;
  return null;
end $$;
create trigger count_accepted_label after update of state on task for each row
  when (new.state = 'ACCEPTED' and old.state <> 'ACCEPTED') execute function count_accepted_label();

-- The policy that started a run by itself; `started_by` is then the member who had set it.
alter table training_run
  add column retraining_policy_number integer,
  add foreign key (tenant_id, retraining_policy_number) references retraining_policy (tenant_id, number);
create index on training_run (tenant_id, warm_start_id);

grant select, insert on retraining_policy to :app_role;
grant select, insert, update on retraining to :app_role;
