-- What is to be sent by mail, written in the transaction of what it tells. A link is made when the mail is
-- sent: no row holds what opens an account, except where no mail server is configured and operators pass
-- the mails on (text).
create table accounts.mails (
    id         uuid        primary key, -- sorts by time
    user_id    uuid        references accounts.users (id) on delete cascade,
    address    text        not null check (octet_length(address) <= 800),
    kind       text        not null check (octet_length(kind) <= 40),
    language   text        not null default '' check (octet_length(language) <= 20),
    details    jsonb       not null check (octet_length(details::text) <= 4096),
    once       text        unique check (octet_length(once) <= 200), -- what it tells: nothing is told twice
    text       text,                    -- subject and body, only without a mail server
    attempts   integer     not null default 0,
    next_at    timestamptz not null,
    created_at timestamptz not null,
    ended_at   timestamptz,             -- sent, shown or given up
    fault      text        check (octet_length(fault) <= 1000)
);
create index mails_due on accounts.mails (next_at) where ended_at is null;
create index mails_shown on accounts.mails (ended_at) where text is not null;
create index mails_to_address on accounts.mails (address, created_at);
create index mails_of_user on accounts.mails (user_id);

-- The links of mails that are sent. The text of a link is not kept.
create table accounts.mail_links (
    hash       bytea       primary key, -- SHA-256 of a random token
    kind       text        not null,    -- of the mail
    user_id    uuid        references accounts.users (id) on delete cascade,
    address    text        not null,
    expires_at timestamptz not null
);
create index mail_links_of_user on accounts.mail_links (user_id);
create index mail_links_to_address on accounts.mail_links (address);
create index mail_links_old on accounts.mail_links (expires_at);

-- Who may sign up where sign-up is by invitation.
create table accounts.invitations (
    address    text        primary key check (octet_length(address) <= 800),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
);

-- Whether a browser is known is asked at each sign-in.
create index audit_log_sign_ins on accounts.audit_log (user_id, id desc) where action = 'session.began';

grant select, insert, update, delete on accounts.mails, accounts.mail_links, accounts.invitations to ${web};
