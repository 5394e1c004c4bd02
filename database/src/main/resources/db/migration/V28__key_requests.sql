-- The requests that API keys made to web-app, written in batches outside the requests and kept for 7 days. The
-- reference is to the user, not to the key: keys are deleted only with their user, and a batch that locked several
-- keys of one user could meet the deletion of that user, which locks them in another order.
create table accounts.key_requests (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    key_id      text        not null check (octet_length(key_id) <= 12),
    id          bigint      generated always as identity, -- grows with time
    at          timestamptz not null,
    method      text        not null check (octet_length(method) <= 20),
    route       text        check (octet_length(route) <= 200), -- with {id}, never the path; null if there is no such route
    status      smallint    not null,
    code        text        check (octet_length(code) <= 60),   -- of the problem
    duration_ms integer     not null,
    address     text        not null check (octet_length(address) <= 100),
    primary key (user_id, key_id, id)
);
create index key_requests_old on accounts.key_requests (at);

grant select, insert, delete on accounts.key_requests to ${web};
