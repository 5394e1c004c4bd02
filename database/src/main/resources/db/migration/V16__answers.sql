-- What was asked for is shown as it was asked; when a worker may have the job next is another time.
alter table jobs.jobs add column asked_not_before timestamptz;
update jobs.jobs set asked_not_before = not_before
where state = 'queued' and attempt = 0 and not_before > created_at + interval '1 second';

-- Keys of our own have a space, which no user's has: nobody takes the key of a retry that is to come.
update jobs.jobs set idempotency_key = 'retry ' || retry_of
where retry_of is not null and idempotency_key = 'retry-' || retry_of;
