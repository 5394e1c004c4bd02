/** Pages that concern no user: the front page, and what problems mean. */
@NullMarked
package dev.behalf.web.site.pages;

import org.jspecify.annotations.NullMarked;
