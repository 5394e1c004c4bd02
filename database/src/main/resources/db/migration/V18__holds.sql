-- Units that are held while work runs whose cost is known only afterwards.

alter table compute.quota add column held bigint not null default 0 check (held >= 0);
comment on column compute.quota.held is 'Units of the open holds that count for this month; always the sum of their rows.';
alter table compute.key_units add column held bigint not null default 0 check (held >= 0);
comment on column compute.key_units.held is 'Units of the open holds that count for this key and day.';

create sequence compute.hold_fences;
create table compute.holds (
    user_id           uuid        not null references accounts.users (id) on delete cascade,
    job_id            uuid        not null,
    environment       text        not null check (environment in ('live', 'test')),
    fence             bigint      not null default nextval('compute.hold_fences'),
    operation         text        not null,
    operation_version integer     not null,
    fingerprint       bytea       not null,
    units             bigint      not null check (units > 0),
    period            text        not null,
    day               date        not null,
    capped_key_id     text,
    held_at           timestamptz not null,
    lease_until       timestamptz not null,
    primary key (user_id, job_id, environment),
    foreign key (user_id, environment, period) references compute.quota (user_id, environment, period) on delete cascade
);
comment on table compute.holds is 'The greatest cost of work under way. A row lives as long as the work, or until its lease ends.';
comment on column compute.holds.fence is 'Fencing token, new for each server that takes the work: only the latest can settle or release the hold.';
comment on column compute.holds.period is 'The month for which the hold and its charge count, whenever the work ends.';
comment on column compute.holds.capped_key_id is 'The key whose daily cap is held as well; null where the key had none.';
create index holds_lease on compute.holds (lease_until);
create index quota_held on compute.quota (user_id, environment, period) where held > 0;
create index key_units_held on compute.key_units (user_id, key_id, day) where held > 0;
create index holds_of_period on compute.holds (user_id, environment, period);

-- A cancelled job can be charged, and has no result: a charge goes with its user, no longer with its result.
alter table compute.ledger
    drop constraint ledger_user_id_job_id_environment_fkey,
    add foreign key (user_id) references accounts.users (id) on delete cascade,
    add column outcome text not null default 'succeeded' check (outcome in ('succeeded', 'cancelled')),
    add column held bigint,
    add column reported bigint,
    add check (units <= held),
    add check (reported is null or (reported > held and units = held));
comment on column compute.ledger.outcome is 'How the job ended. Only a succeeded one has a result.';
comment on column compute.ledger.held is 'The units that were held for the job; null where the cost was known before the work.';
comment on column compute.ledger.reported is 'The units that the engine reported, where they were more than were held.';

alter table compute.ledger_hours
    add column outcome text not null default 'succeeded' check (outcome in ('succeeded', 'cancelled')),
    drop constraint ledger_hours_pkey,
    add primary key (user_id, environment, period, hour, operation, key_id, outcome);

create or replace function compute.add_up_charges() returns trigger
    language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into compute.ledger_hours as h
        (user_id, environment, period, hour, operation, key_id, outcome, jobs, units)
    select user_id, environment, period, date_trunc('hour', created_at, 'UTC'), operation,
           coalesce(origin_key_id, key_id), outcome, count(*), sum(units)
    from added group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7
    on conflict (user_id, environment, period, hour, operation, key_id, outcome)
        do update set jobs = h.jobs + excluded.jobs, units = h.units + excluded.units;
    return null;
end $$;

grant select on compute.holds to ${web};
grant select, insert, update, delete on compute.holds to ${compute};
grant usage on sequence compute.hold_fences to ${compute};
grant update (held) on compute.quota to ${compute};
