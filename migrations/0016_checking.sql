-- Delineate, then check: a second reader judges each lesion that the first outlined, and adds what was missed.
alter table protocol
  add column check_kind text not null default 'INDEPENDENT' check (check_kind in ('INDEPENDENT', 'DELINEATE_THEN_CHECK')),
  -- One delineates, another checks.
  add check (check_kind = 'INDEPENDENT' or (reader_count = 1 and not adjudicate_sole_read));

-- When the outlines to be checked were listed; null before, and where nothing is checked.
alter table task add column checkable_at timestamptz;

alter table read
  drop constraint read_kind_check,
  add check (kind in ('DELINEATE', 'CROSS_CHECK', 'ADJUDICATE'));

-- Null: all reads of the task. Otherwise that label alone, without its read: of whoever checks it.
alter table read_insight
  add column revision_id uuid,
  add foreign key (tenant_id, revision_id) references revision (tenant_id, id);
create or replace function has_insight(task uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from read_insight i where i.tenant_id = current_tenant() and i.task_id = task
    and i.member_id = current_member() and i.revision_id is null) $$;
create function checks_task(task uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from read_insight i where i.tenant_id = current_tenant() and i.task_id = task
    and i.member_id = current_member() and i.revision_id is not null) $$;
create function checks_revision(revision uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from read_insight i where i.tenant_id = current_tenant() and i.revision_id = revision
    and i.member_id = current_member()) $$;

drop policy tenant on revision;
call protect('revision', 'exists (select from task t where t.tenant_id = revision.tenant_id and t.id = revision.task_id)
  and (member_id = current_member() or checks_revision(id)
    or ((has_oversight() or has_insight(task_id) or read_id is null) and not is_blind_to_task(task_id)))');
drop policy tenant on lesion_agreement;
call protect('lesion_agreement', '(has_oversight() or has_insight(task_id) or checks_task(task_id)) and not is_blind_to_task(task_id)
  and exists (select from task t where t.tenant_id = lesion_agreement.tenant_id and t.id = lesion_agreement.task_id)');

-- Each read that judges a place has its own verdict on it: the check, then the adjudication of what that disputes.
alter table verdict
  -- Of the read that gives it.
  add column kind text not null default 'ADJUDICATE' check (kind in ('CROSS_CHECK', 'ADJUDICATE')),
  drop constraint verdict_pkey,
  add primary key (tenant_id, agreement_id, read_id);
drop policy tenant on verdict;
-- Who checks learns nothing of the adjudication: only their own.
call protect('verdict', 'exists (select from lesion_agreement a where a.tenant_id = verdict.tenant_id and a.id = verdict.agreement_id
  and (verdict.member_id = current_member() or has_oversight() or has_insight(a.task_id)))');

-- Once the check is in, a place is agreed or disputed.
grant update (kind, dice, hd95_mm) on lesion_agreement to :app_role;
