-- What was charged, by hour, operation and key, and the charges of a month in an order in which they can be read.

alter table compute.ledger
    add column operation     text not null default '',
    add column origin_key_id text; -- of the key that asked a worker for the job, where one did
update compute.ledger l set operation = r.operation
from compute.results r where r.user_id = l.user_id and r.job_id = l.job_id;
update compute.ledger l set origin_key_id = j.origin_key_id
from jobs.jobs j where j.user_id = l.user_id and j.id = l.job_id and j.origin_key_id is not null;

-- Lists the charges of a month, and adds them up, without the table itself.
create index ledger_of_period on compute.ledger (user_id, environment, period, job_id)
    include (units, operation, key_id, origin_key_id);

-- Sums of the ledger. A charge counts for the key that asked, not for the worker's.
create table compute.ledger_hours (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    environment text        not null check (environment in ('live', 'test')),
    period      text        not null,
    hour        timestamptz not null, -- its beginning
    operation   text        not null,
    key_id      text        not null,
    jobs        bigint      not null check (jobs >= 0),
    units       bigint      not null check (units >= 0),
    primary key (user_id, environment, period, hour, operation, key_id)
) with (fillfactor = 70); -- a row is changed with each batch of its hour: the new one finds room beside it

insert into compute.ledger_hours
select user_id, environment, period, date_trunc('hour', created_at, 'UTC'), operation,
       coalesce(origin_key_id, key_id), count(*), sum(units)
from compute.ledger group by 1, 2, 3, 4, 5, 6;

-- In the statement that writes the charges, whoever writes them: the sums cannot be forgotten. Who adds to the ledger
-- holds the quota rows of its users and months, so no two wait for each other here.
create function compute.add_up_charges() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into compute.ledger_hours as h (user_id, environment, period, hour, operation, key_id, jobs, units)
    select user_id, environment, period, date_trunc('hour', created_at, 'UTC'), operation,
           coalesce(origin_key_id, key_id), count(*), sum(units)
    from added group by 1, 2, 3, 4, 5, 6 order by 1, 2, 3, 4, 5, 6
    on conflict (user_id, environment, period, hour, operation, key_id)
        do update set jobs = h.jobs + excluded.jobs, units = h.units + excluded.units;
    return null;
end $$;
revoke execute on function compute.add_up_charges from public;
create trigger add_up after insert on compute.ledger
    referencing new table as added for each statement execute function compute.add_up_charges();

-- What ended without a charge, by the hour of its end.
create index jobs_uncharged on jobs.jobs (user_id, environment, finished_at) include (state)
    where state in ('failed', 'cancelled');

-- Sign receipts. A public part stays for ever: whoever has a receipt can prove it later.
create table accounts.receipt_keys (
    id            text        primary key,
    public_key    text        not null,
    ciphertext    bytea       not null,
    master_key_id text        not null,
    created_at    timestamptz not null
);

grant select on compute.ledger_hours to ${web}, ${compute};
grant select, insert, update on accounts.receipt_keys to ${web};
