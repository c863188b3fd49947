-- A version may be set to find as many lesions as a bound on false alarms allows.
alter table model_version
  drop constraint model_version_threshold_rule_check,
  add check (threshold_rule in ('YOUDEN', 'MAX_DICE', 'SENSITIVE'));
