//! The service worker: the app without a network, on unusual hosts, and across updates.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse as _, Redirect, Response},
};
use tempfile::TempDir;

use super::{
    example::c,
    harness::{Find as _, Page, Setup, dist, serve},
};

/// The behaviour of a host.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Serves its files.
    Plain,
    /// Redirects `/` to `/index.html`.
    RedirectsRoot,
    /// Redirects everything to a sign-in page.
    SessionExpired,
    /// Answers everything by a captive portal, with status 200.
    Captive,
    /// Answers everything with 401 and a page that asks to sign in.
    Refuses,
    /// Answers with the error of a proxy that reaches nothing.
    IsDown,
    /// Serves the page of a newer build than every other file.
    PageIsNewer,
    /// Answers only requests with the cookie that a proxy set when the user signed in.
    NeedsCookie,
}

/// A host whose habit and files a test changes.
struct Host {
    folder: TempDir,
    habit: Arc<Mutex<Habit>>,
    /// Requests for the page by the service worker.
    page_fetches: Arc<Mutex<u32>>,
    address: String,
}

impl Host {
    fn start(habit: Habit) -> Self {
        let folder = TempDir::new().expect("a folder");
        copy(&dist(), folder.path(), &str::to_owned);
        let habit = Arc::new(Mutex::new(habit));
        let page_fetches = Arc::new(Mutex::new(0));
        let (shared, fetches) = (Arc::clone(&habit), Arc::clone(&page_fetches));
        let answer = move |request: Request, next: Next| {
            let habit = *shared.lock().unwrap_or_else(PoisonError::into_inner);
            let is_fetch = request
                .headers()
                .get("sec-fetch-mode")
                .is_some_and(|mode| mode != "navigate");
            if request.uri().path() == "/" && is_fetch {
                *fetches.lock().unwrap_or_else(PoisonError::into_inner) += 1;
            }
            answer(habit, request, next)
        };
        let app: Router =
            cruxboard_server::site::site(folder.path()).layer(middleware::from_fn(answer));
        Self {
            address: serve(app),
            folder,
            habit,
            page_fetches,
        }
    }

    fn set(&self, habit: Habit) {
        *self.habit.lock().unwrap_or_else(PoisonError::into_inner) = habit;
    }

    fn page_fetches(&self) -> u32 {
        *self
            .page_fetches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Replaces all files by those of the next build, in which every hash differs.
    fn deploy_next_build(&self) {
        let hash = hash_of(&dist());
        let next: String = hash.chars().rev().collect();
        for file in fs::read_dir(self.folder.path()).expect("the files") {
            let path = file.expect("a file").path();
            let removed = if path.is_dir() {
                fs::remove_dir_all(path)
            } else {
                fs::remove_file(path)
            };
            removed.expect("removed");
        }
        copy(&dist(), self.folder.path(), &|text| {
            text.replace(&hash, &next)
        });
    }

    /// Opens the worked example and starts to work with it, until the whole app is stored.
    fn page_with_stored_app(&self) -> Page {
        let page = Setup::default()
            .address(&self.address)
            .in_new_browser()
            .start();
        let page = page.open_example();
        page.be("Red-teamer");
        page.eventually("the whole app stored", || {
            (page.files_kept() > 9).then_some(())
        });
        page.wait_saved();
        page
    }
}

async fn answer(habit: Habit, request: Request, next: Next) -> Response {
    let is_page = matches!(request.uri().path(), "/" | "/index.html");
    let html = |text: &str| {
        Html(format!(
            "<!doctype html><title>Sign in</title><h1>{text}</h1>"
        ))
    };
    if request.uri().path() == "/sign-in" {
        let cookie = "session=ann; Path=/; HttpOnly; SameSite=Strict";
        return ([(header::SET_COOKIE, cookie)], html("Sign in")).into_response();
    }
    match habit {
        Habit::RedirectsRoot if request.uri().path() == "/" => {
            (StatusCode::FOUND, [(header::LOCATION, "/index.html")]).into_response()
        }
        Habit::SessionExpired => Redirect::to("/sign-in").into_response(),
        Habit::Captive => html("Welcome to the train").into_response(),
        Habit::Refuses => (StatusCode::UNAUTHORIZED, html("Sign in")).into_response(),
        Habit::IsDown => StatusCode::BAD_GATEWAY.into_response(),
        Habit::PageIsNewer if is_page => {
            let page = fs::read_to_string(dist().join("index.html")).unwrap_or_default();
            let hash = hash_of(&dist());
            Html(page.replace(&hash, &hash.chars().rev().collect::<String>())).into_response()
        }
        Habit::NeedsCookie => {
            let cookie = request.headers().get(header::COOKIE);
            if cookie.is_none_or(|cookie| cookie != "session=ann") {
                return (StatusCode::UNAUTHORIZED, html("Sign in")).into_response();
            }
            let mut answer = next.run(request).await;
            // As such proxies do. The worker then requests each file itself.
            let no_store = HeaderValue::from_static("no-store");
            answer.headers_mut().insert(header::CACHE_CONTROL, no_store);
            answer
        }
        _ => next.run(request).await,
    }
}

/// Returns the hash in the names of the app's script and program.
fn hash_of(folder: &Path) -> String {
    let page = fs::read_to_string(folder.join("index.html")).expect("the page");
    let (_, rest) = page.split_once("cruxboard-app-").expect("the app's script");
    rest.chars().take_while(char::is_ascii_hexdigit).collect()
}

/// Copies the uncompressed files, with names and texts changed by `change`.
fn copy(from: &Path, to: &Path, change: &dyn Fn(&str) -> String) {
    for file in fs::read_dir(from).expect("the files") {
        let path: PathBuf = file.expect("a file").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if path.is_dir() {
            let below = to.join(name);
            fs::create_dir(&below).expect("a folder");
            copy(&path, &below, change);
            continue;
        }
        if name.ends_with(".br") || name.ends_with(".gz") {
            continue;
        }
        let content = fs::read(&path).expect("its content");
        // The program names its scripts too. One character per byte, so that binary files stay intact.
        let content: String = content.into_iter().map(char::from).collect();
        let content: Result<Vec<u8>, _> = change(&content).chars().map(u8::try_from).collect();
        fs::write(to.join(change(name)), content.expect("bytes")).expect("a copy");
    }
}

fn script_of(page: &Page) -> String {
    let script = page.js(
        "return document.querySelector('link[rel=modulepreload]')?.href ?? ''",
        &[],
    );
    script.as_str().unwrap_or_default().to_owned()
}

fn look_for_update(page: &Page) {
    page.js(
        "return navigator.serviceWorker.getRegistration().then(it => it.update()).then(() => true)",
        &[],
    );
}

#[test]
fn a_host_that_redirects_its_root_serves_the_app_with_and_without_a_network() {
    let host = Host::start(Habit::RedirectsRoot);
    let page = host.page_with_stored_app();
    let board = page.fragment();
    let second = page.new_tab();
    second.go(&board);
    second.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "online, through the redirect");
    host.set(Habit::IsDown);
    second.expect_in_console("502");
    second.go_to("about:blank");
    second.go(&board);
    second.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "from what is stored");
}

#[test]
fn an_expired_session_reaches_the_page_for_signing_in() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    for habit in [Habit::SessionExpired, Habit::Refuses] {
        host.set(habit);
        page.expect_in_console("401");
        page.reload();
        page.heading("Sign in").wait();
        host.set(Habit::Plain);
        page.go("");
        page.heading("Boards in this browser").wait();
    }
}

#[test]
fn behind_a_proxy_for_signing_in_the_worker_asks_with_the_cookie_and_stores_the_app() {
    let host = Host::start(Habit::NeedsCookie);
    let page = Setup::default()
        .address(&host.address)
        .in_new_browser()
        .start_blank();
    page.expect_in_console("favicon.ico");
    page.go("sign-in");
    page.heading("Sign in").wait();
    page.go("");
    let page = page.open_example();
    page.be("Red-teamer");
    page.eventually("the whole app stored", || {
        (page.files_kept() > 9).then_some(())
    });
    page.wait_saved();
    // Requests through the worker carry the cookie too.
    let passed_on = page.js(
        "return Promise.all(['example.cruxboard.json', 'example.de.cruxboard.json', 'favicon.svg', ''].map(name =>
            fetch(name, { cache: 'reload' }).then(answer => answer.status)))",
        &[],
    );
    assert_eq!(passed_on, serde_json::json!([200, 200, 200, 200]));
    let board = page.fragment();
    page.go_to("about:blank");
    page.go(&board);
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "signed in");
    host.set(Habit::IsDown);
    page.expect_in_console("502");
    page.go_to("about:blank");
    page.go(&board);
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "from what is stored");
}

#[test]
fn an_address_with_its_hash_encoded_is_put_right_before_a_server_hears_of_it() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    // Every request that reaches the server would get an error page.
    host.set(Habit::IsDown);
    page.expect_in_console("502");
    for changed in ["%23/backups", "%2523/backups"] {
        page.go(changed);
        page.heading("Backups").wait();
        assert_eq!(page.fragment(), "#/backups");
    }
}

#[test]
fn what_the_share_menu_sends_becomes_evidence_and_reaches_no_server() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    // The page's policy forbids submitting forms, but the device's share menu is not bound by it.
    page.cdp("Page.setBypassCSP", serde_json::json!({ "enabled": true }));
    page.reload();
    page.row(c(9)).wait();
    host.set(Habit::IsDown);
    page.expect_in_console("502");
    page.js(
        "const form = Object.assign(document.createElement('form'), {
             action: 'share', method: 'post', enctype: 'multipart/form-data' });
         for (const [name, value] of Object.entries({ title: 'A report', text: '50% & “more”', url: 'https://x.test/a?b#c' })) {
             const field = document.createElement('input');
             Object.assign(field, { name, value });
             form.append(field);
         }
         document.body.append(form);
         form.submit();",
        &[],
    );
    page.heading("New evidence").wait();
    page.field("Text").wait_value("50% & “more”");
    page.field("Link").wait_value("https://x.test/a?b#c");
}

#[test]
fn answers_of_a_captive_portal_are_never_stored_as_the_app() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    let stored = page.files_kept();
    host.set(Habit::Captive);
    look_for_update_fails(&page);
    page.reload();
    page.heading("Welcome to the train").wait();
    host.set(Habit::Plain);
    page.go("");
    page.heading("Boards in this browser").wait();
    assert_eq!(page.files_kept(), stored);
    host.set(Habit::IsDown);
    page.expect_in_console("502");
    page.go("");
    page.heading("Boards in this browser").wait();
}

/// The browser itself refuses a worker script that is an HTML page.
fn look_for_update_fails(page: &Page) {
    page.js(
        "return navigator.serviceWorker.getRegistration().then(it => it.update()).then(() => false, () => true)",
        &[],
    );
}

#[test]
fn a_page_of_another_build_is_not_stored_beside_the_files_of_this_one() {
    let host = Host::start(Habit::Plain);
    let page = Setup::default()
        .address(&host.address)
        .in_new_browser()
        .start()
        .open_example();
    host.set(Habit::PageIsNewer);
    page.be("Red-teamer");
    page.eventually("every try to store the page", || {
        (host.page_fetches() >= 4).then_some(())
    });
    page.eventually("the worker given up", || {
        let gone = page.js("return navigator.serviceWorker.getRegistration().then(it => !it?.installing && !it?.active)", &[]);
        gone.as_bool().filter(|gone| *gone)
    });
    assert_eq!(page.files_kept(), 0);
}

#[test]
fn an_update_waits_until_somebody_reloads_and_other_tabs_keep_their_files() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    let earlier = script_of(&page);
    let other = page.new_tab();
    other.go(&page.fragment());
    other.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the second tab");
    host.deploy_next_build();
    look_for_update(&page);
    page.with_text("status", "A new version of Cruxboard is ready.")
        .wait();
    assert_eq!(
        script_of(&page),
        earlier,
        "nothing is loaded anew by itself"
    );
    page.button("Reload").click();
    page.eventually("the next build", || {
        (script_of(&page) != earlier).then_some(())
    });
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the board in the next build");
    // The server no longer has the earlier build's files.
    let still = other.js(
        "return fetch(document.querySelector('link[rel=modulepreload]').href).then(it => it.status)",
        &[],
    );
    assert_eq!(still.as_u64(), Some(200));
    host.set(Habit::IsDown);
    page.expect_in_console("502");
    page.reload();
    page.wait_shown(
        &[1, 2, 3, 4, 5, 6, 7, 8, 9],
        "the next build without a network",
    );
}

#[test]
fn a_page_that_is_newer_than_its_worker_is_not_told_of_an_update() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    let earlier = script_of(&page);
    host.deploy_next_build();
    page.reload();
    page.eventually("the next build", || {
        (script_of(&page) != earlier).then_some(())
    });
    page.eventually("its worker in charge", || {
        let waits = page.js(
            "return Promise.all([navigator.serviceWorker.getRegistration(), caches.keys()])
                .then(([it, names]) => Boolean(it?.active && !it.waiting && !it.installing && names.length === 2))",
            &[],
        );
        waits.as_bool().filter(|is_so| *is_so)
    });
    assert!(!page.body().contains("A new version of Cruxboard"));
}

#[test]
fn apps_in_two_folders_of_a_host_keep_their_own_files() {
    let app = cruxboard_server::site::site(&dist());
    let address = serve(
        Router::new()
            .nest_service("/a", app.clone())
            .nest_service("/b", app),
    );
    let page = Setup::default()
        .address(&format!("{address}a/"))
        .in_new_browser()
        .start()
        .open_example();
    for folder in ["a", "b"] {
        if folder == "b" {
            // The boards of an origin are shared by all its folders, and so is the chosen person.
            let board = page.fragment();
            page.go_to(&format!("{address}b/{board}"));
        } else {
            page.be("Red-teamer");
        }
        page.eventually("stored", || (page.files_kept() > 9).then_some(()));
    }
    let names = page.js(
        "return caches.keys().then(names => names.map(name => name.split(' ')[1]).sort())",
        &[],
    );
    assert_eq!(
        names,
        serde_json::json!([format!("{address}a/"), format!("{address}b/")])
    );
}

#[test]
fn trying_again_gets_past_a_stored_copy_that_is_broken() {
    let host = Host::start(Habit::Plain);
    let page = host.page_with_stored_app();
    page.js(
        "return caches.keys().then(names => caches.open(names[0])).then(cache => cache.put(
            document.querySelector('link[rel=modulepreload]').href,
            new Response('throw new Error(\"broken\")', { headers: { 'content-type': 'text/javascript' } })))",
        &[],
    );
    page.expect_in_console("broken");
    page.reload();
    page.heading("Cruxboard could not start").wait();
    page.button("Try again").click();
    page.wait_shown(&[1, 2, 3, 4, 5, 6, 7, 8, 9], "the board");
}
