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

-- Listed too: the label that one checks, though its read is not seen.
create or replace view dicom_series with (security_invoker = true) as
  select e.tenant_id, e.study_id, e.series_instance_uid, e.modality, e.description, e.series_number, e.instance_count
  from series e where not e.replaced
  union all
  select v.tenant_id, t.study_id, v.seg_series_instance_uid, 'SEG',
    case when v.read_id is null then 'Ground truth, ' else 'Label of a read, ' end || v.lesion_count || ' metastases', 900, 1
  from revision v
  join task t on t.tenant_id = v.tenant_id and t.id = v.task_id
  where v.seg_series_instance_uid is not null
    and (v.id = t.ground_truth_id or checks_revision(v.id)
      or exists (select from read r where r.tenant_id = v.tenant_id and r.head_id = v.id))
  union all
  select x.tenant_id, s.study_id, x.series_instance_uid,
    case x.kind when 'SEG' then 'SEG' when 'MEASUREMENTS' then 'SR' when 'CONTOURS' then 'RTSTRUCT' else 'MR' end,
    case x.kind when 'SEG' then 'Metastases' when 'MEASUREMENTS' then 'Measurements of metastases' when 'CONTOURS' then 'Contours of metastases'
      else 'Probability of metastasis' end || ', Metloop model ' || m.number,
    case x.kind when 'SEG' then 910 when 'MEASUREMENTS' then 912 when 'CONTOURS' then 913 else 911 end, 1
  from segmentation_result x
  join segmentation s on s.tenant_id = x.tenant_id and s.id = x.segmentation_id
  join model_version m on m.tenant_id = s.tenant_id and m.id = s.model_version_id;
create or replace view dicom_instance with (security_invoker = true) as
  select i.tenant_id, e.study_id, e.series_instance_uid, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.sha256,
    i.instance_number, i.frame_count, i.id as instance_id, not e.replaced as listed
  from instance i join series e on e.tenant_id = i.tenant_id and e.id = i.series_id
  union all
  select v.tenant_id, t.study_id, v.seg_series_instance_uid, v.seg_sop_instance_uid, '1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.1.2.1',
    v.seg_sha256, 1, null, null,
    v.id = t.ground_truth_id or checks_revision(v.id)
      or exists (select from read r where r.tenant_id = v.tenant_id and r.head_id = v.id)
  from revision v join task t on t.tenant_id = v.tenant_id and t.id = v.task_id
  where v.seg_series_instance_uid is not null
  union all
  select x.tenant_id, s.study_id, x.series_instance_uid, x.sop_instance_uid,
    case x.kind when 'SEG' then '1.2.840.10008.5.1.4.1.1.66.4' when 'MEASUREMENTS' then '1.2.840.10008.5.1.4.1.1.88.34'
      when 'CONTOURS' then '1.2.840.10008.5.1.4.1.1.481.3' else '1.2.840.10008.5.1.4.1.1.30' end,
    '1.2.840.10008.1.2.1', x.sha256, 1, null, null, true
  from segmentation_result x join segmentation s on s.tenant_id = x.tenant_id and s.id = x.segmentation_id;
