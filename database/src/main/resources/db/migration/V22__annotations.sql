-- What a submitter attaches to a job, to find it again: nothing reads it but lists, pages and webhooks.
alter table jobs.jobs
    add column tags     text[],
    add column metadata jsonb,
    -- Of new rows only, so that no row is read: the columns of the others are empty.
    add constraint jobs_tags check (cardinality(tags) <= 10 and octet_length(array_to_string(tags, '')) <= 500) not valid,
    add constraint jobs_metadata check (octet_length(metadata::text) <= 2048) not valid;
create index jobs_tags on jobs.jobs using gin (tags) where tags is not null;
create index jobs_metadata on jobs.jobs using gin (metadata jsonb_path_ops) where metadata is not null;
