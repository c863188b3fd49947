-- Annotate: a task for a study, reads of it by one person each, and the labels that they save.
create table protocol (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null,
  instructions text not null default '',
  reader_count integer not null default 2 check (reader_count between 1 and 3),
  min_dice double precision not null default 0.7 check (min_dice between 0 and 1),
  max_hd95_mm double precision not null default 3 check (max_hd95_mm > 0),
  small_lesion_mm double precision not null default 5 check (small_lesion_mm >= 0),
  published_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
call protect('protocol');

create table task (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  study_id uuid not null,
  protocol_id uuid not null,
  -- Whose BRAVO grid labels lie on.
  preparation_id uuid not null,
  round integer not null default 1 check (round > 0),
  state text not null default 'OPEN' check (state in ('OPEN', 'DELINEATING', 'CROSS_CHECKING', 'ADJUDICATING', 'ACCEPTED', 'EXCLUDED')),
  comparison_job_id uuid,
  -- The accepted label; set once.
  ground_truth_id uuid,
  excluded_reason text,
  created_at timestamptz not null default now(),
  accepted_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, study_id, round),
  check ((state = 'ACCEPTED') = (ground_truth_id is not null)),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, protocol_id) references protocol (tenant_id, id),
  foreign key (tenant_id, preparation_id) references preparation (tenant_id, id),
  foreign key (tenant_id, comparison_job_id) references job (tenant_id, id)
);
-- One open round a study.
create unique index one_open_round on task (tenant_id, study_id) where state not in ('ACCEPTED', 'EXCLUDED');
create trigger notify_change after insert or update on task for each row execute function notify_change('task');

-- Who must learn nothing of the other reads of a task: its readers, present and former, until it is ACCEPTED or EXCLUDED (then the row goes).
-- A table of its own, so that the policies of what is hidden can ask it.
create table blind_reader (
  tenant_id uuid not null,
  task_id uuid not null,
  study_id uuid not null,
  member_id uuid not null,
  primary key (tenant_id, task_id, member_id),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
create index on blind_reader (tenant_id, study_id, member_id);
call protect('blind_reader');

create function is_blind_to_task(task uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from blind_reader b where b.tenant_id = current_tenant() and b.task_id = task and b.member_id = current_member()) $$;
create function is_blind_to_study(study uuid) returns boolean language sql stable parallel safe as $$
  select exists (select from blind_reader b where b.tenant_id = current_tenant() and b.study_id = study and b.member_id = current_member()) $$;
-- The state of a task as the present member may know it.
create function seen_task_state(task uuid, state text) returns text language sql stable parallel safe as $$
  select case when state not in ('ACCEPTED', 'EXCLUDED') and is_blind_to_task(task) then 'DELINEATING' else state end $$;

-- Who is blind sees no other round of the study either: its ground truth would tell what is to be found.
call protect('task', 'exists (select from study s where s.tenant_id = task.tenant_id and s.id = task.study_id)
  and (is_blind_to_task(id) or not is_blind_to_study(study_id))');

create table read (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  task_id uuid not null,
  kind text not null check (kind in ('DELINEATE', 'ADJUDICATE')),
  state text not null default 'ASSIGNED' check (state in ('ASSIGNED', 'STARTED', 'SUBMITTED', 'RETURNED', 'EXPIRED')),
  reader_id uuid not null,
  head_id uuid,
  seconds_spent integer not null default 0,
  returned_reason text,
  -- The signature of its submission: name as printed, meaning, hash of what was signed.
  signed_name text,
  signed_meaning text,
  signed_sha256 text,
  signed_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  -- No task twice by one reader.
  unique (tenant_id, task_id, reader_id),
  check ((state = 'SUBMITTED') = (signed_at is not null)),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, reader_id) references member (tenant_id, id)
);
create index on read (tenant_id, reader_id, state);
-- Of tasks that may be seen: one's own; others' only with oversight and not while blind.
call protect('read', 'exists (select from task t where t.tenant_id = read.tenant_id and t.id = read.task_id)
  and (reader_id = current_member() or (has_oversight() and not is_blind_to_task(task_id)))');

-- A SEG as a reader's viewer sent it, seen by nobody else until it is saved as a revision.
create table staged_label (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  member_id uuid not null,
  study_id uuid not null,
  sop_instance_uid text not null,
  series_instance_uid text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, member_id, sop_instance_uid),
  foreign key (tenant_id, member_id) references member (tenant_id, id),
  foreign key (tenant_id, study_id) references study (tenant_id, id)
);
call protect('staged_label', 'current_member() is null or member_id = current_member()');

-- A label as it was saved. Immutable: a later one has it as parent.
create table revision (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  task_id uuid not null,
  -- Null for ground truth, which is composed of several reads.
  read_id uuid,
  parent_id uuid,
  member_id uuid,
  autosaved boolean not null default false,
  -- Label volume on the BRAVO grid in the object store.
  label_sha256 text not null check (label_sha256 ~ '^[0-9a-f]{64}$'),
  -- Null where there is no lesion: a SEG cannot be empty.
  seg_sha256 text,
  seg_sop_instance_uid text,
  seg_series_instance_uid text,
  voxel_count bigint not null check (voxel_count >= 0),
  lesion_count integer not null check (lesion_count >= 0),
  saved_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((lesion_count = 0) = (seg_sha256 is null)),
  check ((lesion_count = 0) = (voxel_count = 0)),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, read_id) references read (tenant_id, id),
  foreign key (tenant_id, parent_id) references revision (tenant_id, id),
  foreign key (tenant_id, member_id) references member (tenant_id, id)
);
-- A revision has one child: two saves from one parent cannot both stand.
create unique index one_child on revision (tenant_id, read_id, parent_id) nulls not distinct where read_id is not null;
create index on revision (tenant_id, task_id);
call protect('revision', 'exists (select from task t where t.tenant_id = revision.tenant_id and t.id = revision.task_id)
  and (member_id = current_member() or ((has_oversight() or read_id is null) and not is_blind_to_task(task_id)))');
create trigger immutable before update or delete on revision for each row execute function refuse_change();

alter table read add foreign key (tenant_id, head_id) references revision (tenant_id, id);
alter table task add foreign key (tenant_id, ground_truth_id) references revision (tenant_id, id);

-- A metastasis in a label (revision) or in a version's answer (segmentation, added later).
create table lesion (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  revision_id uuid,
  number integer not null check (number > 0),
  voxel_count integer not null check (voxel_count > 0),
  volume_mm3 double precision not null,
  longest_diameter_mm double precision not null,
  perpendicular_diameter_mm double precision not null,
  slice_count integer not null,
  slice_index integer not null,
  centroid_lps double precision[] not null check (cardinality(centroid_lps) = 3),
  primary key (tenant_id, id),
  unique (tenant_id, revision_id, number),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id)
);
call protect('lesion', 'revision_id is null or exists (select from revision r where r.tenant_id = lesion.tenant_id and r.id = lesion.revision_id)');

grant select, insert on protocol, revision, lesion to :app_role;
grant select, insert, update on task, read to :app_role;
grant select, insert, delete on blind_reader, staged_label to :app_role;
