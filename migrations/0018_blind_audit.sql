-- The audit trail tells of everybody's saves and signatures. Whoever reads a task blind sees in it what they did themselves, until the
-- last of their tasks has ended.
create function reads_blind() returns boolean language sql stable parallel safe as $$
  select exists (select from blind_reader b where b.tenant_id = current_tenant() and b.member_id = current_member()) $$;
drop policy tenant on audit_event;
call protect('audit_event', '(select not reads_blind()) or member_id = (select current_member())');
