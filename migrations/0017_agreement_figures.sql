-- How well readers agree, written when a task is accepted: figures over many tasks are put together from these.
create table read_figures (
  tenant_id uuid not null,
  task_id uuid not null,
  read_id uuid not null,
  -- Whose read it is, so that readers can be shown their own.
  reader_id uuid not null,
  -- Null for the accepted ground truth.
  reference_read_id uuid,
  -- Lesion by lesion (LabelComparison of core/label/compare-labels.ts).
  comparison jsonb not null,
  -- Of a read that started from a draft: voxels in which it differs from that, and voxels of the draft.
  edited_voxels bigint,
  draft_voxels bigint,
  unique nulls not distinct (tenant_id, read_id, reference_read_id),
  check (num_nulls(edited_voxels, draft_voxels) in (0, 2)),
  foreign key (tenant_id, task_id) references task (tenant_id, id),
  foreign key (tenant_id, read_id) references read (tenant_id, id),
  foreign key (tenant_id, reader_id) references member (tenant_id, id),
  foreign key (tenant_id, reference_read_id) references read (tenant_id, id)
);
create index on read_figures (tenant_id, task_id);
call protect('read_figures', '(reader_id = current_member() or has_oversight()) and not is_blind_to_task(task_id)
  and exists (select from task t where t.tenant_id = read_figures.tenant_id and t.id = read_figures.task_id)');
create trigger immutable before update or delete on read_figures for each row execute function refuse_change();

-- In how many slices 0, 1, … of the independent readers see a lesion; null before, and where there is no reader to compare with.
alter table task add column slice_votes integer[];

grant select, insert on read_figures to :app_role;
