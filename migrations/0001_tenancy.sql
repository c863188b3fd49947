-- Who: tenants, sites, members. Every later table carries tenant_id and is reached only through forced row-level security,
-- so a forgotten WHERE can never show one consortium another's rows.

-- What the present transaction may see is said by set_config(…, true); an empty setting counts as none.
create function setting(name text) returns text language sql stable parallel safe as
  $$ select nullif(current_setting('metloop.' || name, true), '') $$;
create function current_tenant() returns uuid language sql stable parallel safe as $$ select setting('tenant')::uuid $$;
-- Null for a worker, which acts for the service itself.
create function current_member() returns uuid language sql stable parallel safe as $$ select setting('member')::uuid $$;
-- Sites that the member is limited to, an array literal: null for all, '{}' for none.
create function current_sites() returns uuid[] language sql stable parallel safe as $$ select setting('sites')::uuid[] $$;
create function sees_site(site uuid) returns boolean language sql stable parallel safe as
  $$ select current_sites() is null or site = any (current_sites()) $$;
-- True for roles that look at other people's reads: coordinators, adjudicators, engineers, auditors; and for workers.
create function has_oversight() returns boolean language sql stable parallel safe as
  $$ select current_member() is null or setting('oversight') = 'true' $$;

-- Puts a table under forced row-level security by tenant, with a further condition where one is given.
create procedure protect(target regclass, condition text default 'true') language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant on %s using (tenant_id = (select current_tenant()) and (%s)) with check (tenant_id = (select current_tenant()))',
    target, condition);
end $$;

-- Tells listeners (GraphQL subscriptions) that a row changed; ids only, access is checked again when it is read.
create function notify_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('metloop_change', json_build_object('tenantId', new.tenant_id, 'type', tg_argv[0], 'id', new.id)::text);
  return null;
end $$;

create table tenant (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  -- Edge of a prepared slice; networks of the tenant take slices of this size. The paper's is 256.
  prepared_size_pixels integer not null default 256 check (prepared_size_pixels between 48 and 512 and prepared_size_pixels % 4 = 0),
  created_at timestamptz not null default now()
);
alter table tenant enable row level security;
alter table tenant force row level security;
create policy tenant on tenant using (id = (select current_tenant())) with check (id = (select current_tenant()));

-- Key of the hashes that stand for UIDs and pseudonyms; without it no pseudonym can be recomputed.
create table tenant_secret (
  tenant_id uuid primary key references tenant (id),
  deidentification_key bytea not null check (octet_length(deidentification_key) = 32)
);
call protect('tenant_secret');

create table site (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  name text not null check (length(name) between 1 and 200),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, name)
);
call protect('site', 'sees_site(id)');

create table member (
  tenant_id uuid not null references tenant (id),
  id uuid not null,
  issuer text not null,
  subject text not null,
  email text not null,
  name text not null,
  state text not null default 'ACTIVE' check (state in ('ACTIVE', 'SUSPENDED')),
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, issuer, subject),
  unique (tenant_id, email)
);
create index on member (issuer, subject);
alter table member enable row level security;
alter table member force row level security;
-- Before the tenant is known, a verified token may find its own memberships and nothing else.
create policy tenant on member
  using (tenant_id = (select current_tenant())
    or ((select current_tenant()) is null and issuer = (select setting('issuer')) and subject = (select setting('subject'))))
  with check (tenant_id = (select current_tenant()));

create table member_role (
  tenant_id uuid not null,
  member_id uuid not null,
  role text not null check (role in ('TENANT_ADMIN', 'COORDINATOR', 'READER', 'ADJUDICATOR', 'ENGINEER', 'APPROVER', 'CLINICIAN', 'AUDITOR')),
  -- Null for every site.
  site_id uuid,
  check (site_id is null or role in ('COORDINATOR', 'READER', 'CLINICIAN')),
  unique nulls not distinct (tenant_id, member_id, role, site_id),
  foreign key (tenant_id, member_id) references member (tenant_id, id),
  foreign key (tenant_id, site_id) references site (tenant_id, id)
);
call protect('member_role');

grant select on tenant, tenant_secret, site, member, member_role to :app_role;
grant insert on tenant, tenant_secret, site, member, member_role to :app_role;
grant update (name) on tenant, site to :app_role;
grant update (name, state, email) on member to :app_role;
grant delete on member_role to :app_role;
