/** Lists for people and programs alike: one address answers a page, JSON, CSV or plain text. */
@NullMarked
package dev.behalf.web.tables;

import org.jspecify.annotations.NullMarked;
