-- What the pages ask for: the few jobs that did not go well, those of test mode, and those of one batch.
create index jobs_not_well on jobs.jobs (user_id, id) where state in ('failed', 'cancelled');
create index jobs_of_test on jobs.jobs (user_id, id) where environment = 'test';

alter table jobs.jobs
    add column retry_of   uuid, -- the job of the same user that this one does again
    add column batch_id   uuid,
    add column batch_line integer;
create index jobs_of_batch on jobs.jobs (user_id, batch_id, batch_line) where batch_id is not null;

-- Searches that a person keeps.
create table jobs.views (
    user_id    uuid        not null references accounts.users (id) on delete cascade,
    name       text        not null check (length(name) between 1 and 40),
    query      text        not null check (length(query) <= 500),
    created_at timestamptz not null,
    primary key (user_id, name)
);

-- Something done to all jobs that match: in steps, from the newest to the oldest; any replica goes on with it.
create table jobs.sweeps (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    id          uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    action      text        not null check (action in ('retry', 'cancel')),
    query       text        not null,
    matched     integer     not null,
    before      uuid        not null, -- all from here on are done
    done        integer     not null default 0,
    skipped     integer     not null default 0,
    created_at  timestamptz not null,
    finished_at timestamptz,
    primary key (user_id, id)
);
create index sweeps_open on jobs.sweeps (id) where finished_at is null;

-- Many jobs from one file.
create table jobs.batches (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    id          uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    name        text        not null,
    format      text        not null check (format in ('csv', 'jsonl')),
    lines       integer     not null default 0, -- with a job or with a fault
    queued      integer     not null default 0, -- of those, jobs
    complete    boolean     not null default false, -- the file was read to its end
    created_at  timestamptz not null,
    primary key (user_id, id)
);

create table jobs.batch_faults (
    user_id  uuid    not null,
    batch_id uuid    not null,
    line     integer not null,
    fault    text    not null,
    primary key (user_id, batch_id, line),
    foreign key (user_id, batch_id) references jobs.batches (user_id, id) on delete cascade
);

grant select, insert, update, delete on jobs.views, jobs.sweeps, jobs.batches, jobs.batch_faults to ${web};
