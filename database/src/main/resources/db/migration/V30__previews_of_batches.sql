-- A file between its preview and its start.
create table jobs.uploads (
    user_id     uuid        not null references accounts.users (id) on delete cascade,
    id          uuid        not null,
    environment text        not null check (environment in ('live', 'test')),
    name        text        not null check (char_length(name) <= 120),
    format      text        not null check (format in ('csv', 'jsonl')),
    settings    text        not null check (octet_length(settings) <= 1048576), -- JSON: how the file is read
    preview     text        not null check (octet_length(preview) <= 1048576),  -- JSON: what these settings make of it
    created_at  timestamptz not null,
    primary key (user_id, id)
);
create index uploads_by_age on jobs.uploads (created_at);

create table jobs.upload_parts (
    user_id   uuid    not null,
    upload_id uuid    not null,
    part      integer not null check (part between 0 and 100), -- 100 MiB
    content   bytea   not null check (octet_length(content) <= 1048576),
    primary key (user_id, upload_id, part),
    foreign key (user_id, upload_id) references jobs.uploads (user_id, id) on delete cascade
);

-- The rows of a CSV file as they were sent, for its results; older batches have none.
alter table jobs.batches add column heading text; -- JSON list of the columns
create table jobs.batch_rows (
    user_id  uuid    not null,
    batch_id uuid    not null,
    line     integer not null, -- number of the last line
    rows     text    not null, -- JSON list of line number and text, of at most 500 lines
    primary key (user_id, batch_id, line),
    foreign key (user_id, batch_id) references jobs.batches (user_id, id) on delete cascade
);

grant select, insert, update, delete on jobs.uploads, jobs.upload_parts, jobs.batch_rows to ${web};
