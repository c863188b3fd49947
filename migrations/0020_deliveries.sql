-- Results handed to a hospital's PACS on request: where to, and each thing on its way until it arrives or is given up.
create table destination (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  site_id uuid not null,
  name text not null check (length(name) between 1 and 100),
  -- A STOW-RS service: /studies is put behind it.
  url text not null check (url ~ '^https?://' and length(url) <= 1000),
  -- AES-256-GCM under a key of the environment, bound to this row and to the address's origin.
  sealed_token text,
  -- Counts edits; the etag.
  version integer not null default 1 check (version > 0),
  created_by uuid not null,
  created_at timestamptz not null default now(),
  -- Past deliveries keep its name; its token is forgotten.
  removed_at timestamptz,
  primary key (tenant_id, id),
  check (removed_at is null or sealed_token is null),
  foreign key (tenant_id, site_id) references site (tenant_id, id),
  foreign key (tenant_id, created_by) references member (tenant_id, id)
);
create unique index destination_name on destination (tenant_id, site_id, name) where removed_at is null;
call protect('destination', 'sees_site(site_id)');

create table delivery (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  segmentation_id uuid not null,
  destination_id uuid not null,
  requested_by uuid not null,
  -- The newest: sending again what was given up is a further job.
  job_id uuid not null,
  state text not null default 'PENDING' check (state in ('PENDING', 'DELIVERED', 'FAILED')),
  attempts integer not null default 0 check (attempts >= 0),
  -- Of the last try that was answered.
  last_status integer,
  message text,
  next_attempt_at timestamptz,
  delivered_at timestamptz,
  idempotency_key text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, requested_by, idempotency_key),
  -- For the items, which name the segmentation's results.
  unique (tenant_id, id, segmentation_id),
  check ((state = 'DELIVERED') = (delivered_at is not null)),
  check (state = 'PENDING' or next_attempt_at is null),
  foreign key (tenant_id, segmentation_id) references segmentation (tenant_id, id),
  foreign key (tenant_id, destination_id) references destination (tenant_id, id),
  foreign key (tenant_id, requested_by) references member (tenant_id, id),
  foreign key (tenant_id, job_id) references job (tenant_id, id)
);
create index on delivery (tenant_id, segmentation_id);
create index on delivery (tenant_id, job_id);
-- Whoever may not know of the answer may not know that it was sent either.
call protect('delivery', 'exists (select from segmentation s where s.tenant_id = delivery.tenant_id and s.id = delivery.segmentation_id)');
create trigger notify_change after insert or update on delivery for each row execute function notify_change('delivery');

-- What a delivery consists of, and why the receiver did not take it.
create table delivery_item (
  tenant_id uuid not null,
  delivery_id uuid not null,
  segmentation_id uuid not null,
  kind text not null check (kind in ('SEG', 'PROBABILITY_MAP', 'MEASUREMENTS', 'CONTOURS')),
  -- Failure Reason (0008,1197), null if the receiver named none.
  failure_reason integer,
  failure_message text,
  primary key (tenant_id, delivery_id, kind),
  foreign key (tenant_id, delivery_id, segmentation_id) references delivery (tenant_id, id, segmentation_id),
  foreign key (tenant_id, segmentation_id, kind) references segmentation_result (tenant_id, segmentation_id, kind)
);
call protect('delivery_item',
  'exists (select from delivery d where d.tenant_id = delivery_item.tenant_id and d.id = delivery_item.delivery_id)');

alter table job
  drop constraint job_kind_check,
  add check (kind in ('PREPARE', 'COMPARE', 'EXPIRE', 'RETRAIN', 'TRAIN', 'EVALUATE', 'SEGMENT', 'DELIVER'));

grant select, insert, update on destination, delivery to :app_role;
grant select, insert on delivery_item to :app_role;
grant update (failure_reason, failure_message) on delivery_item to :app_role;
