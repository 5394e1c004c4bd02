/** Lists for people and programs alike: one address serves a page, JSON, CSV or plain text. */
@NullMarked
package dev.behalf.web.site.export;

import org.jspecify.annotations.NullMarked;
