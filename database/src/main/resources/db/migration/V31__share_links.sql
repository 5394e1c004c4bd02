-- Links with which anybody can see one job. Only the hash of a link's token is stored.
create table jobs.shares (
    user_id    uuid        not null,
    job_id     uuid        not null,
    id         uuid        not null,
    hash       bytea       not null unique check (octet_length(hash) = 32), -- SHA-256 of the token
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (user_id, job_id, id),
    foreign key (user_id, job_id) references jobs.jobs (user_id, id) on delete cascade
);
create index shares_expired on jobs.shares (expires_at);

grant select, insert, delete on jobs.shares to ${web};
