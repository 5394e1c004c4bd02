-- Batches by API: a body that was cut off is sent again under the same key, and goes on where it
-- stopped; the end of a batch is an event.
alter table jobs.batches
    add column idempotency_key text,
    add column read_to         integer not null default 0, -- number of the last line that is stored
    add column digest          bytea,                      -- of the lines up to there
    add column completed_at    timestamptz;                -- read to its end, and no job is open
create unique index batches_by_idempotency_key on jobs.batches (user_id, idempotency_key)
    where idempotency_key is not null;

update jobs.batches b set completed_at = coalesce(
    (select max(j.finished_at) from jobs.jobs j where j.user_id = b.user_id and j.batch_id = b.id), b.created_at)
where b.complete and not exists (
    select from jobs.jobs j
    where j.user_id = b.user_id and j.batch_id = b.id and j.state in ('queued', 'dispatched', 'running'));
create index batches_not_completed on jobs.batches (user_id, id) where complete and completed_at is null;
create index jobs_open_of_batch on jobs.jobs (user_id, batch_id)
    where batch_id is not null and state in ('queued', 'dispatched', 'running');

alter table webhooks.deliveries add column batch_id uuid; -- of an event of a batch
