-- What readers say of an outline that they drew quickly: fit to find the metastasis rather than to measure it.
alter table lesion add coarse boolean not null default false;
