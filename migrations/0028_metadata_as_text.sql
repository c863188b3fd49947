-- Metadata are handed out as they are and never searched: as json they are kept as the text that was written, which takes a third less
-- room and half the time to write and to read of jsonb, which is taken apart and put together again.
alter table instance alter column metadata type json using metadata::json;
-- The one with numbers and UIDs begins with the same columns.
drop index instance_tenant_id_series_id_idx;
