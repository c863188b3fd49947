-- What DICOMweb lists and gives: series and instances of every origin in one place each, under the policies of their tables.

-- Counted as instances come and go, since a list of studies must not count a million rows.
alter table series add column instance_count integer not null default 0 check (instance_count >= 0);
-- What is there already, of every tenant: forced row-level security would show the tables' owner none of it.
alter table series no force row level security;
alter table instance no force row level security;
update series e set instance_count = (select count(*) from instance i where i.tenant_id = e.tenant_id and i.series_id = e.id);
alter table series force row level security;
alter table instance force row level security;

create function count_instances() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update series e set instance_count = e.instance_count + c.n
    from (select tenant_id, series_id, count(*) as n from changed group by 1, 2) c
    where e.tenant_id = c.tenant_id and e.id = c.series_id;
  else
    update series e set instance_count = e.instance_count - c.n
    from (select tenant_id, series_id, count(*) as n from changed group by 1, 2) c
    where e.tenant_id = c.tenant_id and e.id = c.series_id;
  end if;
  return null;
end $$;
create trigger count_inserted after insert on instance referencing new table as changed for each statement execute function count_instances();
create trigger count_deleted after delete on instance referencing old table as changed for each statement execute function count_instances();

-- The same condition, asked once a statement and not once a row. The planner took the function to hide nearly all studies from everybody,
-- and so sorted all of them for a page of a hundred.
do $$
declare
  condition text;
begin
  select pg_get_expr(polqual, polrelid) into strict condition from pg_policy where polrelid = 'study'::regclass and polname = 'tenant';
  if strpos(condition, 'sees_site(site_id)') = 0 then
    raise exception 'the policy of study does not ask sees_site(site_id): %', condition;
  end if;
  execute format('alter policy tenant on study using (%s)', replace(condition, 'sees_site(site_id)',
    '((select current_sites() is null) or site_id = any ((select current_sites())::uuid[]))'));
end $$;

create index on study (tenant_id, study_date);
create index on series (tenant_id, modality, study_id);
create index on instance (tenant_id, series_id, instance_number, sop_instance_uid);
create index on revision (tenant_id, seg_series_instance_uid) where seg_series_instance_uid is not null;
create index on read (tenant_id, head_id) where head_id is not null;
create index on segmentation_result (tenant_id, series_instance_uid);

-- Series as they are listed: images that no newer preparation has replaced, the newest label of each read, ground truth, results.
create view dicom_series with (security_invoker = true) as
  select e.tenant_id, e.study_id, e.series_instance_uid, e.modality, e.description, e.series_number, e.instance_count
  from series e where not e.replaced
  union all
  select v.tenant_id, t.study_id, v.seg_series_instance_uid, 'SEG',
    case when v.read_id is null then 'Ground truth, ' else 'Label of a read, ' end || v.lesion_count || ' metastases', 900, 1
  from revision v
  join task t on t.tenant_id = v.tenant_id and t.id = v.task_id
  where v.seg_series_instance_uid is not null
    and (v.id = t.ground_truth_id or exists (select from read r where r.tenant_id = v.tenant_id and r.head_id = v.id))
  union all
  select x.tenant_id, s.study_id, x.series_instance_uid,
    case x.kind when 'SEG' then 'SEG' when 'MEASUREMENTS' then 'SR' when 'CONTOURS' then 'RTSTRUCT' else 'MR' end,
    case x.kind when 'SEG' then 'Metastases' when 'MEASUREMENTS' then 'Measurements of metastases' when 'CONTOURS' then 'Contours of metastases'
      else 'Probability of metastasis' end || ', Metloop model ' || m.number,
    case x.kind when 'SEG' then 910 when 'MEASUREMENTS' then 912 when 'CONTOURS' then 913 else 911 end, 1
  from segmentation_result x
  join segmentation s on s.tenant_id = x.tenant_id and s.id = x.segmentation_id
  join model_version m on m.tenant_id = s.tenant_id and m.id = s.model_version_id;

-- Every instance that may be retrieved, listed or not: what refers to a replaced series or an earlier label still finds it.
create view dicom_instance with (security_invoker = true) as
  select i.tenant_id, e.study_id, e.series_instance_uid, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.sha256,
    i.instance_number, i.frame_count, i.id as instance_id, not e.replaced as listed
  from instance i join series e on e.tenant_id = i.tenant_id and e.id = i.series_id
  union all
  select v.tenant_id, t.study_id, v.seg_series_instance_uid, v.seg_sop_instance_uid, '1.2.840.10008.5.1.4.1.1.66.4', '1.2.840.10008.1.2.1',
    v.seg_sha256, 1, null, null,
    v.id = t.ground_truth_id or exists (select from read r where r.tenant_id = v.tenant_id and r.head_id = v.id)
  from revision v join task t on t.tenant_id = v.tenant_id and t.id = v.task_id
  where v.seg_series_instance_uid is not null
  union all
  select x.tenant_id, s.study_id, x.series_instance_uid, x.sop_instance_uid,
    case x.kind when 'SEG' then '1.2.840.10008.5.1.4.1.1.66.4' when 'MEASUREMENTS' then '1.2.840.10008.5.1.4.1.1.88.34'
      when 'CONTOURS' then '1.2.840.10008.5.1.4.1.1.481.3' else '1.2.840.10008.5.1.4.1.1.30' end,
    '1.2.840.10008.1.2.1', x.sha256, 1, null, null, true
  from segmentation_result x join segmentation s on s.tenant_id = x.tenant_id and s.id = x.segmentation_id;

grant select on dicom_series, dicom_instance to :app_role;

-- Results beside the SEG and the map: measurements (SR) and contours (RTSTRUCT).
alter table segmentation_result drop constraint segmentation_result_kind_check;
alter table segmentation_result add check (kind in ('SEG', 'PROBABILITY_MAP', 'MEASUREMENTS', 'CONTOURS'));
-- Whether the SEG has a segment for each lesion or one for all.
alter table segmentation add column segment_form text not null default 'EACH_LESION' check (segment_form in ('EACH_LESION', 'ALL_LESIONS'));
