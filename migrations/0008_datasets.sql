-- Freeze: accepted labels to learn from and to be judged by, split by patient.
create table dataset (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  state text not null default 'DRAFT' check (state in ('DRAFT', 'FROZEN')),
  seed integer,
  test_per_group integer,
  train_per_development integer,
  manifest_sha256 text,
  -- The one plan by which all its studies were prepared; a network that learnt from it needs studies prepared alike.
  preparation_plan_hash text check (preparation_plan_hash ~ '^[0-9a-f]{64}$'),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  frozen_at timestamptz,
  primary key (tenant_id, id),
  unique (tenant_id, name),
  check ((state = 'FROZEN') = (manifest_sha256 is not null)),
  foreign key (tenant_id, created_by) references member (tenant_id, id)
);
call protect('dataset');
create function keep_frozen() returns trigger language plpgsql as $$
begin
  if old.state = 'FROZEN' then
    raise exception 'a frozen dataset never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger keep_frozen before update or delete on dataset for each row execute function keep_frozen();

create table dataset_case (
  tenant_id uuid not null,
  dataset_id uuid not null,
  study_id uuid not null,
  revision_id uuid not null,
  preparation_id uuid not null,
  subject_id uuid not null,
  subset text not null check (subset in ('TRAIN', 'DEVELOPMENT', 'TEST')),
  lesion_group text not null check (lesion_group in ('NONE', 'ONE_TO_THREE', 'FOUR_TO_TEN', 'MORE_THAN_TEN')),
  primary key (tenant_id, dataset_id, study_id),
  foreign key (tenant_id, dataset_id) references dataset (tenant_id, id),
  foreign key (tenant_id, study_id) references study (tenant_id, id),
  foreign key (tenant_id, revision_id) references revision (tenant_id, id),
  foreign key (tenant_id, preparation_id) references preparation (tenant_id, id),
  foreign key (tenant_id, subject_id) references subject (tenant_id, id)
);
-- Whoever reads a study blind learns nothing of what was accepted in an earlier round.
call protect('dataset_case', 'not is_blind_to_study(study_id)');

-- A patient is on one side, and it is the side that the patient has for good: no test patient can enter training.
create function keep_sides_apart() returns trigger language plpgsql as $$
begin
  if not exists (select from subject s where s.tenant_id = new.tenant_id and s.id = new.subject_id
      and (s.subset = 'TEST') is not distinct from (new.subset = 'TEST')) then
    raise exception 'patient % may not enter %: its side of the split is another', new.subject_id, new.subset using errcode = 'restrict_violation';
  end if;
  if exists (select from dataset_case c where c.tenant_id = new.tenant_id and c.dataset_id = new.dataset_id
      and c.subject_id = new.subject_id and c.subset <> new.subset) then
    raise exception 'patient % would be on both sides of the split', new.subject_id using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger keep_sides_apart before insert on dataset_case for each row execute function keep_sides_apart();

grant select, insert, update on dataset to :app_role;
grant select, insert on dataset_case to :app_role;
