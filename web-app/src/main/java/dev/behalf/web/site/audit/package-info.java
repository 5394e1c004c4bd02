/** The audit log: who did what to which key, webhook or account, and from where. */
@NullMarked
package dev.behalf.web.site.audit;

import org.jspecify.annotations.NullMarked;
