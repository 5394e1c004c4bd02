-- How long the jobs of an operation are kept, if it says so; a batch is kept as long as the shortest of its jobs.
alter table jobs.jobs add column retention_hours integer check (retention_hours > 0);
alter table jobs.batches add column retention_hours integer check (retention_hours > 0);

-- Most jobs have no such rule, and are in no row of this index.
create index jobs_with_retention on jobs.jobs (retention_hours, finished_at, user_id, id)
    where retention_hours is not null;
