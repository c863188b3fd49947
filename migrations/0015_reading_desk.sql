-- The reading desk: protocols by version, queues with due times, and who sees other people's reads of a task without a role for it.
alter table protocol
  drop constraint protocol_tenant_id_name_key,
  add column number integer not null default 1 check (number > 0),
  -- The version that this one follows; a version has one successor.
  add column follows_id uuid,
  -- Readers learn nothing of each other.
  add column blind boolean not null default true,
  -- How a reader is chosen when nobody names one.
  add column assignment text not null default 'MANUAL' check (assignment in ('MANUAL', 'ROUND_ROBIN', 'PRIORITY')),
  -- With one reader: an adjudicator judges each lesion; otherwise the read is accepted as it is signed.
  add column adjudicate_sole_read boolean not null default false,
  add column due_hours integer not null default 336 check (due_hours between 1 and 8760),
  -- A read may start from what a version found, but for this share of the reads, drawn from the seed.
  add column pre_annotation boolean not null default false,
  add column unassisted_share double precision not null default 0 check (unassisted_share between 0 and 1),
  add column seed integer not null default 0 check (seed >= 0),
  add unique (tenant_id, name, number),
  add unique (tenant_id, follows_id),
  add check ((number = 1) = (follows_id is null)),
  add foreign key (tenant_id, follows_id) references protocol (tenant_id, id);

-- Who may adjudicate tasks of a protocol; without a row every ADJUDICATOR.
create table protocol_adjudicator (
  tenant_id uuid not null,
  protocol_id uuid not null,
  member_id uuid not null,
  primary key (tenant_id, protocol_id, member_id),
  foreign key (tenant_id, protocol_id) references protocol (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
call protect('protocol_adjudicator');

alter table task
  -- Greater comes first in every queue.
  add column priority double precision not null default 0,
  -- Why a study that had been accepted or left out is read once more.
  add column reopened_reason text;

alter table read
  -- When it expires; null for one that was assigned before there were due times.
  add column due_at timestamptz,
  -- Drawn where a version's answer could be started from: ASSISTED starts from it, UNASSISTED is the control. Null where there was none to draw.
  add column arm text check (arm in ('ASSISTED', 'UNASSISTED')),
  -- The answer that an ASSISTED read starts from.
  add column pre_annotation_id uuid,
  add check ((arm is not distinct from 'ASSISTED') = (pre_annotation_id is not null)),
  add foreign key (tenant_id, pre_annotation_id) references segmentation (tenant_id, id);
create index on read (tenant_id, task_id);

-- A draft: the first revision of an ASSISTED read, made from this answer by the service on its reader's behalf.
alter table revision
  add column pre_annotation_id uuid,
  add foreign key (tenant_id, pre_annotation_id) references segmentation (tenant_id, id);

-- Who sees other people's reads of a task without a role for it: the readers of a task whose protocol is open.
create table read_insight (
  tenant_id uuid not null,
  task_id uuid not null,
  member_id uuid not null,
  primary key (tenant_id, task_id, member_id),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
call protect('read_insight');
create function has_insight(task uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from read_insight i where i.tenant_id = current_tenant() and i.task_id = task and i.member_id = current_member()) $$;

alter policy tenant on read
  using (tenant_id = (select current_tenant())
    and exists (select from task t where t.tenant_id = read.tenant_id and t.id = read.task_id)
    and (reader_id = current_member() or ((has_oversight() or has_insight(task_id)) and not is_blind_to_task(task_id))))
  with check (tenant_id = (select current_tenant())
    and exists (select from task t where t.tenant_id = read.tenant_id and t.id = read.task_id)
    and (reader_id = current_member() or ((has_oversight() or has_insight(task_id)) and not is_blind_to_task(task_id))));
alter policy tenant on revision
  using (tenant_id = (select current_tenant())
    and exists (select from task t where t.tenant_id = revision.tenant_id and t.id = revision.task_id)
    and (member_id = current_member()
      or ((has_oversight() or has_insight(task_id) or read_id is null) and not is_blind_to_task(task_id))))
  with check (tenant_id = (select current_tenant())
    and exists (select from task t where t.tenant_id = revision.tenant_id and t.id = revision.task_id)
    and (member_id = current_member()
      or ((has_oversight() or has_insight(task_id) or read_id is null) and not is_blind_to_task(task_id))));
alter policy tenant on lesion_agreement
  using (tenant_id = (select current_tenant()) and (has_oversight() or has_insight(task_id)) and not is_blind_to_task(task_id)
    and exists (select from task t where t.tenant_id = lesion_agreement.tenant_id and t.id = lesion_agreement.task_id))
  with check (tenant_id = (select current_tenant()) and (has_oversight() or has_insight(task_id)) and not is_blind_to_task(task_id)
    and exists (select from task t where t.tenant_id = lesion_agreement.tenant_id and t.id = lesion_agreement.task_id));

alter table job
  drop constraint job_kind_check,
  add check (kind in ('PREPARE', 'COMPARE', 'EXPIRE', 'RETRAIN', 'TRAIN', 'EVALUATE', 'SEGMENT'));

grant select, insert on protocol_adjudicator to :app_role;
grant select, insert, delete on read_insight to :app_role;
