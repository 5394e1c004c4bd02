-- A job id belongs to a user and an environment: what a test key computes under the id of a live job is another job's.
alter table compute.ledger drop constraint ledger_user_id_job_id_fkey, drop constraint ledger_pkey;
alter table compute.results drop constraint results_pkey, add primary key (user_id, job_id, environment);
alter table compute.ledger
    add primary key (user_id, job_id, environment),
    add foreign key (user_id, job_id, environment)
        references compute.results (user_id, job_id, environment) on delete cascade;

alter table compute.cancellations add column environment text check (environment in ('live', 'test'));
update compute.cancellations c set environment = j.environment
from jobs.jobs j where j.user_id = c.user_id and j.id = c.job_id;
delete from compute.cancellations where environment is null;
alter table compute.cancellations
    drop constraint cancellations_pkey,
    add primary key (user_id, job_id, environment);

-- Whoever has a receipt proves it by the public part of its key: that part, nobody changes.
revoke update on accounts.receipt_keys from ${web};
grant update (ciphertext, master_key_id) on accounts.receipt_keys to ${web};

-- Anybody can sign up with any address. It counts for something once somebody has proved that it is theirs; until then
-- it keeps nobody away from it.
alter table accounts.users add column email_verified_at timestamptz;
update accounts.users u set email_verified_at = u.created_at
where exists (select from accounts.identities i where i.user_id = u.id);
alter table accounts.users drop constraint users_email_key;
create unique index users_email_verified on accounts.users (email) where email_verified_at is not null;
create unique index users_email_claimed on accounts.users (email) where email_verified_at is null;
create index users_email on accounts.users (email);
