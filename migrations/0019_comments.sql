-- Comments: what somebody who reads a study says of a place in it.
create table comment (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  task_id uuid not null,
  member_id uuid not null,
  body text not null check (length(body) between 1 and 2000),
  -- Patient coordinates, mm.
  point_lps double precision[] not null check (cardinality(point_lps) = 3),
  idempotency_key text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, member_id, idempotency_key),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create index on comment (tenant_id, task_id);

-- Whoever looks at others' reads, and once the task has ended everybody who read it; nobody who is blind.
create function sees_comments_of_others(task uuid) returns boolean language sql stable parallel safe as $$
  select not is_blind_to_task(task) and (has_oversight() or has_insight(task)
    or exists (select from read r join task t on t.tenant_id = r.tenant_id and t.id = r.task_id
      where r.task_id = task and r.reader_id = current_member() and t.state in ('ACCEPTED', 'EXCLUDED'))) $$;
call protect('comment', 'exists (select from task t where t.tenant_id = comment.tenant_id and t.id = comment.task_id)
  and (member_id = current_member() or sees_comments_of_others(task_id))');
create trigger immutable before update or delete on comment for each row execute function refuse_change();

-- Whether a member holds a comment to be settled; of those that one may see the newest counts. A row for each member, since the author
-- of a comment may be blind to who else has seen it.
create table comment_resolution (
  tenant_id uuid not null,
  comment_id uuid not null,
  member_id uuid not null,
  resolved boolean not null,
  at timestamptz not null default now(),
  primary key (tenant_id, comment_id, member_id),
  foreign key (tenant_id, comment_id) references comment (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
call protect('comment_resolution', 'exists (select from comment c where c.tenant_id = comment_resolution.tenant_id
  and c.id = comment_resolution.comment_id
  and (comment_resolution.member_id = current_member() or sees_comments_of_others(c.task_id)))');

grant select, insert on comment to :app_role;
grant select, insert, update on comment_resolution to :app_role;

-- Whoever reads, checks or judges in a study learns what a version found in it only where the protocol lets reads start from that: not in
-- the arm that starts from nothing, and of no patient of the sealed test set. Blind readers see a copy, if anything (revision).
create function must_not_see_answers(study uuid) returns boolean language sql stable parallel safe as $$
  select is_blind_to_study(study) or exists (
    select from read r
    join task t on t.tenant_id = r.tenant_id and t.id = r.task_id
    join protocol p on p.tenant_id = t.tenant_id and p.id = t.protocol_id
    join study s on s.tenant_id = t.tenant_id and s.id = t.study_id
    join subject u on u.tenant_id = s.tenant_id and u.id = s.subject_id
    where t.study_id = study and t.state not in ('ACCEPTED', 'EXCLUDED') and r.reader_id = current_member()
      and (not p.pre_annotation or u.subset is not distinct from 'TEST' or r.arm is not distinct from 'UNASSISTED')) $$;
drop policy tenant on segmentation;
call protect('segmentation', 'exists (select from study s where s.tenant_id = segmentation.tenant_id and s.id = segmentation.study_id)
  and not must_not_see_answers(study_id)');
