-- Requests that wait until Behalf has accepted them. PostgreSQL and H2; in MySQL and MariaDB, write longtext.
create table if not exists behalf_outbox (
    id          varchar(36)  not null primary key,
    external_id varchar(255),            -- the user for whom a platform submits
    request     text         not null,   -- at most 0.5 MiB
    attempts    integer      not null,
    created_at  bigint       not null,   -- milliseconds since 1970, UTC
    next_at     bigint       not null,
    refusal     varchar(1000)            -- why Behalf has refused it: it is not sent again
);
create index if not exists behalf_outbox_due on behalf_outbox (next_at); -- a refused one is never due
