#include "runner/output/page.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/files.h"

#define INDEX "index.html"
#define DRAFT "draft" /* draft.tmp.PID */

/* --- the folder ------------------------------------------------------------------------------- */

/* Whether the head of the folder's page has a text; *there: whether there is anything so called. */
static bool index_says(const Folder *folder, const char *text, bool *there) {
    char head[2048] = "";
    size_t got = 0;
    *there = folder_has(folder, INDEX);
    const int fd = *there ? folder_open_file(folder, INDEX, O_RDONLY, NULL) : -1;
    if (fd < 0) return false;
    const bool read = files_pread(fd, head, sizeof head - 1, 0, &got);
    close(fd);
    return read && memmem(head, got, text, strlen(text));
}

static bool is_draft(void *context, const Folder *folder, const char *name, Error *err) {
    (void)folder, (void)err;
    bool *found = context;
    *found = *found || files_is_temporary(name, DRAFT);
    return true;
}

/* A drawing that was broken off leaves its draft. */
static bool was_begun(const Folder *folder) {
    bool found = false;
    return folder_each(folder, is_draft, &found, NULL) && found;
}

bool page_check(const Folder *folder, const char *kind, bool strict, Error *err) {
    char mark[64];
    bool there;
    snprintf(mark, sizeof mark, "content=\"runner %s\"", kind);
    if (index_says(folder, mark, &there)) return true;
    if (!there && (!strict || folder_is_empty(folder) || was_begun(folder))) return true;
    return error_set(err, ERROR_CONFLICT, "%s: is there and is no %s of this program (-o DIR)",
                     folder->path, kind);
}

bool page_is_of(const Folder *folder, const char *of) {
    char mark[96];
    bool there;
    snprintf(mark, sizeof mark, "name=\"made-of\" content=\"%s\"", of);
    return index_says(folder, mark, &there);
}

/* --- the draft -------------------------------------------------------------------------------- */

static bool remove_file(void *context, const Folder *folder, const char *name, Error *err) {
    (void)context;
    return folder_remove(folder, name, err);
}

static void remove_draft(const Folder *above, const Folder *draft, const char *name) {
    if (folder_each(draft, remove_file, NULL, NULL))
        (void)unlinkat(above->fd, name, AT_REMOVEDIR); /* what stays is removed by the next one */
}

/* Removes a draft whose process is dead. */
static bool remove_dead(void *context, const Folder *folder, const char *name, Error *err) {
    (void)context, (void)err;
    struct stat status;
    Folder draft;
    if (!files_is_temporary(name, DRAFT) ||
        fstatat(folder->fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(status.st_mode) ||
        !folder_make_in(&draft, folder, name, NULL))
        return true;
    if (flock(draft.fd, LOCK_EX | LOCK_NB) == 0) remove_draft(folder, &draft, name);
    folder_close(&draft);
    return true;
}

/* Where links of strangers may lie is nowhere to write: the folder is a new one. */
static bool make_draft(Page *page, Error *err) {
    if (folder_has(&page->folder, page->draft_name)) {
        return error_set(err, ERROR_CONFLICT, "%s/%s: is in the way; remove it", page->folder.path,
                         page->draft_name);
    }
    if (!folder_make_in(&page->draft, &page->folder, page->draft_name, err)) return false;
    (void)flock(page->draft.fd, LOCK_EX | LOCK_NB);
    return true;
}

bool page_begin(Page *page, const Folder *folder, Error *err) {
    page->draft = FOLDER_NONE;
    files_temporary(page->draft_name, sizeof page->draft_name, DRAFT);
    if (!folder_copy(&page->folder, folder, err)) return false;
    /* first those of the dead, one of which may have had this process's number */
    return folder_each(folder, remove_dead, NULL, err) && make_draft(page, err);
}

void page_destroy(Page *page) {
    if (*page->draft_name) {
        if (page->draft.fd >= 0) remove_draft(&page->folder, &page->draft, page->draft_name);
        folder_close(&page->draft);
        folder_close(&page->folder);
    }
    pool_destroy(&page->pool);
    *page = (Page){0};
}

static bool move_out(void *context, const Folder *draft, const char *name, Error *err) {
    const Page *page = context;
    return renameat(draft->fd, name, page->folder.fd, name) == 0 ||
           error_errno(err, "%s/%s", page->folder.path, name);
}

bool page_save(const Page *page, const Html *html, Error *err) {
    return folder_each(&page->draft, move_out, (void *)(uintptr_t)page, err) &&
           files_write_in(&page->folder, INDEX, html->text, html->length, err);
}

/* --- its pieces ------------------------------------------------------------------------------- */

void page_section(Page *page, const char *id, const char *title) {
    snprintf(page->section, sizeof page->section, "%s", title);
    html_print(page->target, "<section id=\"%s\">\n<h2>%s</h2>\n", id, title);
}

void page_table_begin(Page *page, const char *const *headings, int32_t count) {
    Html *out = page->target;
    html_print(out,
               "<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"Table %d, %s\">"
               "<table class=\"sort\">\n<thead><tr>",
               ++page->tables, page->section);
    for (int32_t i = 0; i < count; i++) {
        const bool words = strncmp(headings[i], "text:", 5) == 0;
        html_raw(out, words ? "<th class=\"text\" scope=\"col\">" : "<th scope=\"col\">");
        html_text(out, headings[i] + (words ? 5 : 0));
        html_raw(out, "</th>");
    }
    html_raw(out, "</tr></thead>\n<tbody>\n");
}

void page_table_end(Page *page) {
    html_raw(page->target, "</tbody></table></div>\n");
}

void page_say_missing(const Page *page, Html *out) {
    if (page->missing == 0) return;
    html_print(out,
               "<p class=\"warning\">%d of %d figures could not be drawn: %s. Tables and data are "
               "complete; the same command draws what is missing.</p>\n",
               page->missing, page->figures, page->trouble);
}

bool page_is_complete(const Page *page, Error *err) {
    return page->missing == 0 ||
           error_set(err, ERROR_RESOURCE, "%s: %d of %d figures are missing: %s", page->folder.path,
                     page->missing, page->figures, page->trouble);
}
