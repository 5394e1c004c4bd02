-- Results and money. compute-server writes here; web-app only reads.
create schema compute;

create table compute.results (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    job_id      uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    operation   text        not null,
    fingerprint bytea       not null,
    result      text        not null,
    units       bigint      not null check (units >= 0),
    created_at  timestamptz not null,
    primary key (user_id, job_id)
);

create table compute.quota_defaults (
    environment text   primary key check (environment in ('live', 'test')),
    limit_units bigint not null check (limit_units >= 0)
);
insert into compute.quota_defaults values ('live', 1000000), ('test', 1000000);

create table compute.quota (
    user_id     uuid   not null references accounts.users (id) on delete cascade,
    environment text   not null check (environment in ('live', 'test')),
    period      text   not null check (period ~ '^\d{4}-\d{2}$'),
    limit_units bigint not null check (limit_units >= 0),
    used        bigint not null check (used >= 0),
    primary key (user_id, environment, period)
);

create table compute.ledger (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    job_id      uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    period      text        not null,
    units       bigint      not null check (units >= 0),
    key_id      text        not null,
    created_at  timestamptz not null,
    primary key (user_id, job_id),
    foreign key (user_id, job_id) references compute.results (user_id, job_id) on delete cascade
);

grant usage on schema compute to ${web}, ${compute};
grant select on all tables in schema compute to ${web}, ${compute};
grant insert on compute.results, compute.quota, compute.ledger to ${compute};
grant update (used) on compute.quota to ${compute};
