-- Figures of each minute and environment, kept for a day. One replica inserts a minute's rows before it reads the
-- figures; a row without figures says that they could not be read.
create table ops.minutes (
    minute      timestamptz      not null, -- its beginning
    environment text             not null check (environment in ('live', 'test')),
    arrived     bigint,
    succeeded   bigint,
    failed      bigint,
    queued      bigint,                    -- when the figures were read, counted to 100,001
    in_flight   bigint,
    wait_p95    double precision,          -- seconds, of a sample; null if no sampled job succeeded
    run_p95     double precision,
    primary key (minute, environment)
);
grant select, insert, update, delete on ops.minutes to ${web};
