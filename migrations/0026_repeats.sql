-- Hidden repeats: a reader reads an accepted study once more, blind to what they drew and to everything else of it. The repeat ends
-- EXCLUDED, so that it is neither ground truth nor counted as such.
alter table task
  add column repeat_of_id uuid,
  add foreign key (tenant_id, repeat_of_id) references task (tenant_id, id),
  add check (repeat_of_id is null or state <> 'ACCEPTED');
