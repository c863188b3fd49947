-- Agree: places in the brain where readers agree or not; only disputes reach the adjudicator.
create table lesion_agreement (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  task_id uuid not null,
  number integer not null check (number > 0),
  kind text not null check (kind in ('AGREED', 'ONE_READER_ONLY', 'BOUNDARY_DISPUTE')),
  -- Least Dice and greatest HD95 (DeepMind variant) of two of the outlines; null for one outline.
  dice double precision,
  hd95_mm double precision,
  primary key (tenant_id, id),
  unique (tenant_id, task_id, number),
  foreign key (tenant_id, task_id) references task (tenant_id, id)
);
call protect('lesion_agreement', 'has_oversight() and not is_blind_to_task(task_id)
  and exists (select from task t where t.tenant_id = lesion_agreement.tenant_id and t.id = lesion_agreement.task_id)');

create table agreement_lesion (
  tenant_id uuid not null,
  agreement_id uuid not null,
  lesion_id uuid not null,
  primary key (tenant_id, agreement_id, lesion_id),
  foreign key (tenant_id, agreement_id) references lesion_agreement (tenant_id, id),
  foreign key (tenant_id, lesion_id) references lesion (tenant_id, id)
);
call protect('agreement_lesion',
  'exists (select from lesion_agreement a where a.tenant_id = agreement_lesion.tenant_id and a.id = agreement_lesion.agreement_id)');

-- How a dispute was settled; a later one by the same read takes the place of an earlier.
create table verdict (
  tenant_id uuid not null,
  agreement_id uuid not null,
  read_id uuid not null,
  decision text not null check (decision in ('ACCEPT', 'MERGE', 'REDRAW', 'REJECT')),
  -- Lesions that it rests on.
  lesion_ids uuid[] not null,
  reason text not null check (length(reason) between 3 and 500),
  member_id uuid not null,
  at timestamptz not null default now(),
  primary key (tenant_id, agreement_id),
  foreign key (tenant_id, agreement_id) references lesion_agreement (tenant_id, id),
  foreign key (tenant_id, read_id) references read (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
call protect('verdict', 'exists (select from lesion_agreement a where a.tenant_id = verdict.tenant_id and a.id = verdict.agreement_id)');

grant select, insert on lesion_agreement, agreement_lesion to :app_role;
grant select, insert, update on verdict to :app_role;
