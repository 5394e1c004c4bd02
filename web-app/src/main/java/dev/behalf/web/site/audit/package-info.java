/** Who did what to which key, webhook or account, from where. */
@NullMarked
package dev.behalf.web.site.audit;

import org.jspecify.annotations.NullMarked;
