create table if not exists person (
    external_id varchar(255) not null primary key -- Behalf has this user
);

create table if not exists task (
    id          uuid          not null primary key,
    owner       varchar(255)  not null,            -- the person's external id
    text        varchar(2000) not null,
    state       varchar(20)   not null,
    problem     varchar(2000) not null,            -- why there is no result
    job_id      uuid,
    result      text,
    units       bigint,
    created_at  timestamp with time zone not null,
    finished_at timestamp with time zone
);
create index if not exists task_owner on task (owner, created_at);

-- An event may arrive more than once. Rows older than 30 days may be deleted: Behalf keeps its
-- deliveries no longer than that.
create table if not exists handled_event (
    id         varchar(100) not null primary key,
    handled_at timestamp with time zone not null
);
