create schema peer;

create table peer.keys (
    user_id uuid  primary key,
    hash    bytea not null unique,
    secret  text  not null -- in the clear: the worker reads it
);

create table peer.jobs (
    id          uuid        primary key,
    user_id     uuid        not null,
    text        text        not null,
    state       text        not null default 'queued',
    units       bigint,
    refused     int, -- the status with which compute has refused it
    created_at  timestamptz not null default now(),
    finished_at timestamptz
);
create index on peer.jobs (created_at) where state = 'queued'; -- to find jobs that are stuck

create table peer.results (
    user_id    uuid        not null,
    job_id     uuid        not null,
    text       text        not null,
    units      bigint      not null,
    created_at timestamptz not null default now(),
    primary key (user_id, job_id)
);

create table peer.ledger (
    user_id    uuid        not null,
    job_id     uuid        not null,
    units      bigint      not null,
    created_at timestamptz not null default now(),
    primary key (user_id, job_id)
);

create table peer.quota (
    user_id     uuid   primary key,
    limit_units bigint not null,
    used        bigint not null default 0
);
