//! Browsers with the app in them. Tests share no state in a browser.
//!
//! Starting a browser takes as long as many a test. A test without special needs therefore gets a browser
//! that another test has left, with an address of its own. To a browser, that is another site, with nothing
//! stored.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
    fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    rc::Rc,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    Capabilities, WebDriver, WindowHandle,
    common::command::FormatRequestData,
    error::{WebDriverError, WebDriverResult},
    prelude::*,
    session::handle::SessionHandle,
};

use super::{
    Key,
    site::{ADDRESS, RUNTIME, named},
    wait::{eventually, within},
};

/// The time at which every test begins for its pages, in Unix milliseconds: a day after the worked example's
/// last change.
const BEGIN_MILLIS: i64 = 1_795_510_800_000;

const CLOCK: &str = include_str!("clock.js");

/// Runs the driver until the process that started this script ends in any way; the browser ends with its
/// driver. Only the driver's output is passed on, so that its end is noticed.
const DRIVER: &str = r#"
    "$1" --port=0 &
    exec > /dev/null
    cat
    kill -9 $!
    [ -z "$2" ] || { sleep 2; rm -rf "$2"; }
"#;

/// Browsers left by finished tests.
static IDLE: Mutex<Vec<Running>> = Mutex::new(Vec::new());

thread_local! {
    /// The app under a name that no other test uses. Every test runs in a thread of its own.
    static OWN_ADDRESS: String = {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        ADDRESS.replace("127.0.0.1", &format!("test-{number}.localhost"))
    };
}

/// Width and height of a desktop window, in pixels.
const DESK: (u32, u32) = (1280, 900);

/// The configuration of a browser before it starts.
#[derive(Clone)]
pub(crate) struct Setup {
    width: u32,
    height: u32,
    preferences: Value,
    scripts: Vec<String>,
    address: String,
    /// Whether the browser must not have been used before.
    is_new: bool,
}

impl Default for Setup {
    /// A desktop: 1280 pixels wide.
    fn default() -> Self {
        Self {
            width: DESK.0,
            height: DESK.1,
            preferences: json!({}),
            scripts: Vec::new(),
            address: OWN_ADDRESS.with(String::clone),
            is_new: false,
        }
    }
}

impl Setup {
    /// Configures a phone: 390 pixels wide, with touch.
    pub(crate) fn phone() -> Self {
        Self {
            width: 390,
            height: 844,
            ..Self::default()
        }
    }

    /// Configures a tablet held upright: 768 pixels wide.
    pub(crate) fn tablet() -> Self {
        Self {
            width: 768,
            height: 1_024,
            ..Self::default()
        }
    }

    /// Sets a preference of the profile.
    pub(crate) fn preference(mut self, name: &str, value: Value) -> Self {
        self.preferences[name] = value;
        self.in_new_browser()
    }

    /// Requests a browser that no other test uses, before or afterwards: for tests that kill it, or leave it
    /// in another state.
    pub(crate) fn in_new_browser(mut self) -> Self {
        self.is_new = true;
        self
    }

    /// Adds a script that runs in each page before the page's own.
    pub(crate) fn before_load(mut self, script: &str) -> Self {
        self.scripts.push(script.to_owned());
        self
    }

    /// Sets another address of the app.
    pub(crate) fn address(mut self, address: &str) -> Self {
        address.clone_into(&mut self.address);
        self
    }

    /// Starts a browser without loading a page.
    #[track_caller]
    pub(crate) fn start_blank(self) -> Page {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = i64::try_from(now.unwrap_or_default().as_millis()).unwrap_or_default();
        let running = if self.is_new {
            None
        } else {
            Running::left_for(&self.address)
        };
        let running = running.unwrap_or_else(|| Running::start(&self, Home::new()));
        let browser = Browser {
            setup: self,
            clock_offset: Cell::new(BEGIN_MILLIS - now),
            running: RefCell::new(Some(running)),
            expected: RefCell::new(Vec::new()),
        };
        let window = browser.current_window();
        let page = Page {
            browser: Rc::new(browser),
            window,
        };
        page.prepare();
        page
    }

    /// Starts a browser with the app in it.
    #[track_caller]
    pub(crate) fn start(self) -> Page {
        let page = self.start_blank();
        page.go("");
        page
    }
}

pub(crate) struct Browser {
    setup: Setup,
    /// Offset of the pages' clock from this machine's, in milliseconds.
    pub(super) clock_offset: Cell<i64>,
    running: RefCell<Option<Running>>,
    /// Parts of messages that may occur in the console.
    expected: RefCell<Vec<String>>,
}

/// The browser's folder on the disk.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Self(TempDir::new().expect("a folder for the browser"));
        fs::create_dir(home.downloads()).expect("a folder for downloads");
        home
    }

    fn profile(&self) -> PathBuf {
        self.0.path().join("profile")
    }

    fn downloads(&self) -> PathBuf {
        self.0.path().join("downloads")
    }
}

struct Running {
    home: Home,
    /// The driver. It runs as long as its input is open.
    driver: Child,
    session: Arc<SessionHandle>,
    process: u64,
    /// An empty window that is never closed.
    first_window: WindowHandle,
    window: RefCell<WindowHandle>,
    /// The addresses under which the app was used in this browser.
    addresses: BTreeSet<String>,
}

impl Running {
    /// Returns a browser that another test has left, with a new window, if there is one in which nothing was
    /// ever loaded from this address.
    fn left_for(address: &str) -> Option<Self> {
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        let at = (0..idle.len()).find(|at| !idle[*at].addresses.contains(address))?;
        let mut running = idle.swap_remove(at);
        drop(idle);
        running.addresses.insert(address.to_owned());
        running.open_window();
        Some(running)
    }

    fn open_window(&self) {
        let opened = RUNTIME.block_on(async {
            let window = self.session.new_window().await?;
            self.session.switch_to_window(window.clone()).await?;
            Ok::<_, WebDriverError>(window)
        });
        self.window.replace(opened.expect("a window of its own"));
    }

    /// Closes the windows that a test has opened, so that another test may use the browser.
    fn leave(self) -> WebDriverResult<()> {
        RUNTIME.block_on(async {
            for window in self.session.windows().await? {
                if window != self.first_window {
                    self.session.switch_to_window(window).await?;
                    self.session.close_window().await?;
                }
            }
            self.session
                .switch_to_window(self.first_window.clone())
                .await?;
            // Messages of a page that is being closed must not reach another test.
            self.session.browser_log().await
        })?;
        self.window.replace(self.first_window.clone());
        for file in fs::read_dir(self.home.downloads())?.flatten() {
            fs::remove_file(file.path())?;
        }
        let mut idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(self);
        Ok(())
    }

    /// Kills the browser at once, as a power cut would.
    fn kill(self) -> Home {
        let process = self.process.to_string();
        let killed = Command::new("kill").args(["-9", &process]).status();
        assert!(killed.is_ok_and(|status| status.success()), "kill -9");
        eventually("the browser's end", || (!is_alive(&process)).then_some(()));
        self.end()
    }

    /// Ends the driver, and with it the browser.
    fn end(mut self) -> Home {
        drop(self.driver.stdin.take());
        drop(self.driver.wait());
        // Until then it writes to its folder, which is about to be removed.
        let process = self.process.to_string();
        within(Duration::from_secs(10), || {
            (!is_alive(&process)).then_some(())
        });
        self.home
    }

    #[track_caller]
    fn start(setup: &Setup, home: Home) -> Self {
        let (driver, port) = start_driver(if setup.is_new { None } else { Some(&home) });
        let arguments = vec![
            "--headless".to_owned(),
            "--no-sandbox".into(),
            "--disable-gpu".into(),
            "--disable-quic".into(),
            "--no-first-run".into(),
            "--disable-background-networking".into(),
            "--disable-component-update".into(),
            "--disable-sync".into(),
            "--disable-dev-shm-usage".into(),
            // Ends the browser with its driver, which holds the other end.
            "--remote-debugging-pipe".into(),
            // This page, below the address bar of an invisible window, takes a second of processor time at
            // each start.
            "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup"
                .into(),
            // Background tabs keep working, as several windows side by side would.
            "--disable-background-timer-throttling".into(),
            "--disable-renderer-backgrounding".into(),
            "--disable-backgrounding-occluded-windows".into(),
            "--lang=en-GB".into(),
            // One size for all browsers: a test with another size may get this one next.
            format!("--window-size={},{}", DESK.0, DESK.1),
            format!("--user-data-dir={}", home.profile().display()),
        ];
        let mut preferences = json!({
            "download.default_directory": home.downloads(),
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
        });
        if let (Some(all), Some(more)) =
            (preferences.as_object_mut(), setup.preferences.as_object())
        {
            all.extend(more.clone());
        }
        let options = json!({
            "binary": named("CRUXBOARD_CHROMIUM", "/usr/bin/chromium"),
            "args": arguments,
            "prefs": preferences,
        });
        let mut capabilities = Capabilities::new();
        for (name, value) in [
            ("browserName", json!("chrome")),
            ("goog:loggingPrefs", json!({ "browser": "ALL" })),
            ("goog:chromeOptions", options),
        ] {
            capabilities.set(name, value).expect("a capability");
        }
        // A slow start is retried: several browsers start at once on a busy machine.
        let connected = within(Duration::from_secs(60), || {
            let builder =
                WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities.clone());
            let builder = builder.request_timeout(Duration::from_secs(300));
            RUNTIME.block_on(builder.connect()).ok()
        });
        let connected = connected.expect("the browser starts");
        let session = Arc::clone(connected.handle());
        // The session is ended here, with the browser's processes, and not when it is dropped.
        drop(connected.leak());
        let process = session.capabilities().get("goog:processID");
        let process = process
            .and_then(Value::as_u64)
            .expect("the browser's process");
        let _set = RUNTIME.block_on(session.set_script_timeout(Duration::from_secs(280)));
        let window = RUNTIME.block_on(session.window()).expect("a window");
        let running = Self {
            home,
            driver,
            session,
            process,
            first_window: window.clone(),
            window: RefCell::new(window),
            addresses: BTreeSet::from([setup.address.clone()]),
        };
        if !setup.is_new {
            running.open_window();
        }
        running
    }
}

impl Browser {
    fn current_window(&self) -> WindowHandle {
        let running = self.running.borrow();
        let running = running.as_ref().expect("a running browser");
        running.window.borrow().clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        let log = RUNTIME.block_on(running.session.browser_log());
        if self.setup.is_new || thread::panicking() {
            running.end();
        } else if let Err(error) = running.leave() {
            eprintln!("a browser could not be left for another test: {error}");
        }
        if thread::panicking() {
            return;
        }
        // Every test also checks that no error was logged, and that the page's content security policy was
        // never violated.
        let expected = self.expected.borrow();
        let complaints: Vec<_> = log
            .unwrap_or_default()
            .into_iter()
            .filter(|entry| entry.level == "SEVERE" || entry.message.contains("Content Security"))
            .map(|entry| entry.message)
            .filter(|message| !expected.iter().any(|part| message.contains(part)))
            .collect();
        assert!(complaints.is_empty(), "the console says {complaints:#?}");
    }
}

/// A question to the driver about an element.
#[derive(Debug)]
pub(super) struct Ask {
    pub(super) id: String,
    pub(super) what: &'static str,
}

impl FormatRequestData for Ask {
    fn format_request(&self, session: &thirtyfour::SessionId) -> thirtyfour::RequestData {
        let address = format!("/session/{session}/element/{}/{}", self.id, self.what);
        thirtyfour::RequestData::new("GET".parse().expect("a method"), address)
    }
}

fn is_alive(process: &str) -> bool {
    // A zombie counts as ended; its parent has not reaped it yet.
    fs::read_to_string(format!("/proc/{process}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Starts a driver, and returns it with the port on which it listens.
///
/// The driver picks a port that is free on IPv4 and then wants the same one on IPv6. Another browser's socket
/// may use that by then, and the driver gives up; it is then started again.
#[track_caller]
fn start_driver(left_behind: Option<&Home>) -> (Child, u16) {
    let started = (0..10).find_map(|_| {
        let mut driver = Command::new("sh")
            .args(["-c", DRIVER, "sh"])
            .arg(named("CRUXBOARD_CHROMEDRIVER", "/usr/bin/chromedriver"))
            .args(left_behind.map(|home| home.0.path()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let port = port_of(&mut driver);
        if port.is_none() {
            drop(driver.kill());
            drop(driver.wait());
        }
        Some((driver, port?))
    });
    started.expect("a driver that says its port")
}

/// Returns the port on which the driver listens; `None` if it has ended before.
fn port_of(driver: &mut Child) -> Option<u16> {
    let output = driver.stdout.take().expect("the driver's output");
    let mut lines = BufReader::new(output).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Keeps reading, or the driver would block on its output.
    thread::spawn(move || lines.for_each(drop));
    port
}

/// A tab. Clones are the same tab.
#[derive(Clone)]
pub(crate) struct Page {
    browser: Rc<Browser>,
    window: WindowHandle,
}

impl Page {
    /// Starts a desktop browser with the app.
    #[track_caller]
    pub(crate) fn start() -> Self {
        Setup::default().start()
    }

    /// Starts a browser with the worked example open, and the tour dismissed.
    #[track_caller]
    pub(crate) fn with_example() -> Self {
        Self::start().open_example()
    }

    pub(super) fn browser(&self) -> &Browser {
        &self.browser
    }

    fn home<T>(&self, ask: impl FnOnce(&Home) -> T) -> T {
        let running = self.browser.running.borrow();
        ask(&running.as_ref().expect("a running browser").home)
    }

    /// Returns the session, with this tab in front.
    pub(super) fn session(&self) -> Arc<SessionHandle> {
        let running = self.browser.running.borrow();
        let running = running.as_ref().expect("a running browser");
        if *running.window.borrow() != self.window {
            let switched = RUNTIME.block_on(running.session.switch_to_window(self.window.clone()));
            switched.expect("the tab is there");
            running.window.replace(self.window.clone());
        }
        Arc::clone(&running.session)
    }

    /// Loads an address of the app; `rest` comes after its folder.
    #[track_caller]
    pub(crate) fn go(&self, rest: &str) {
        let address = format!("{}{rest}", self.browser.setup.address);
        self.go_to(&address);
    }

    /// Loads any address.
    #[track_caller]
    pub(crate) fn go_to(&self, address: &str) {
        let session = self.session();
        self.expect_done("load", RUNTIME.block_on(session.goto(address)));
    }

    /// Reloads the page.
    #[track_caller]
    pub(crate) fn reload(&self) {
        let session = self.session();
        self.expect_done("reload", RUNTIME.block_on(session.refresh()));
    }

    #[track_caller]
    pub(crate) fn back(&self) {
        let session = self.session();
        self.expect_done("go back", RUNTIME.block_on(session.back()));
    }

    /// Returns the address in the address bar.
    #[track_caller]
    pub(crate) fn address(&self) -> String {
        let address = self.js("return location.href", &[]);
        address.as_str().unwrap_or_default().to_owned()
    }

    /// Returns the part of the address after `#`.
    #[track_caller]
    pub(crate) fn fragment(&self) -> String {
        let address = self.address();
        address
            .split_once('#')
            .map_or_else(String::new, |(_, fragment)| format!("#{fragment}"))
    }

    /// Runs a script, and awaits its promise.
    #[track_caller]
    pub(crate) fn js(&self, script: &str, arguments: &[Value]) -> Value {
        let session = self.session();
        match RUNTIME.block_on(session.execute(script, arguments.to_vec())) {
            Ok(answer) => answer.json().clone(),
            Err(error) => panic!("a script failed: {error}"),
        }
    }

    /// Sends a command of the developer tools.
    #[track_caller]
    pub(crate) fn cdp(&self, method: &str, parameters: Value) -> Value {
        let session = self.session();
        let cdp = thirtyfour::cdp::Cdp::new(session);
        match RUNTIME.block_on(cdp.send_raw(method, parameters)) {
            Ok(answer) => answer,
            Err(error) => panic!("{method} failed: {error}"),
        }
    }

    /// Opens another tab of the same browser, without loading a page.
    #[track_caller]
    pub(crate) fn new_tab(&self) -> Self {
        let session = self.session();
        let window = RUNTIME
            .block_on(session.new_window())
            .expect("a new window");
        let page = Self {
            browser: Rc::clone(&self.browser),
            window,
        };
        page.prepare();
        page
    }

    /// Closes this tab. Another one must be open.
    #[track_caller]
    pub(crate) fn close(self) {
        let session = self.session();
        self.expect_done("close", RUNTIME.block_on(session.close_window()));
    }

    /// Applies the settings for every document that this tab will load.
    #[track_caller]
    pub(super) fn prepare(&self) {
        let setup = &self.browser.setup;
        let offset = self.browser.clock_offset.get();
        let clock = format!("(() => {{ const first = {offset};\n{CLOCK}\n}})()");
        for script in setup.scripts.iter().chain([&clock]) {
            self.cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            );
        }
        if (setup.width, setup.height) != DESK {
            self.resize(setup.width, setup.height);
        }
    }

    /// Kills the browser as a power cut would, and starts it again with the same profile.
    #[track_caller]
    pub(crate) fn kill_and_restart(self) -> Self {
        let setup = &self.browser.setup;
        assert!(setup.is_new, "others may have had this browser");
        let killed = self.browser.running.take().expect("a running browser");
        let again = Running::start(setup, killed.kill());
        self.browser.running.replace(Some(again));
        let window = self.browser.current_window();
        let page = Self { window, ..self };
        page.prepare();
        page
    }

    /// Opens the worked example, and dismisses the tour.
    #[track_caller]
    pub(crate) fn open_example(self) -> Self {
        use super::Find as _;
        self.button("Open the worked example…").click();
        self.role("complementary", "Tour").button("Got it").click();
        self.wait_saved();
        self
    }

    /// Begins a board on the start page, by keyboard, and waits until it is open. The names of the people are
    /// separated by commas.
    #[track_caller]
    pub(crate) fn start_board(&self, question: &str, people: &str) {
        use super::Find as _;
        self.link("Start with your question…").click();
        self.wait_focus("field", "Decision question");
        self.paste(question);
        self.press(Key::Enter);
        self.wait_focus("field", "People: names or roles, separated by commas");
        if !people.is_empty() {
            self.paste(people);
        }
        self.press(Key::Enter);
        self.wait_focus("field", "Claims, one per line");
        self.press(Key::Enter);
        self.role("navigation", "Board").wait();
    }

    /// Chooses the person who edits.
    #[track_caller]
    pub(crate) fn be(&self, person: &str) {
        use super::Find as _;
        self.field("You are").choose(person);
    }

    /// Waits until the page reports that everything is stored.
    #[track_caller]
    pub(crate) fn wait_saved(&self) {
        use super::Find as _;
        self.with_text("status", "Saved in this browser").wait();
    }

    /// Waits for an answer. Without one, saves a screenshot and fails.
    #[track_caller]
    pub(crate) fn eventually<T>(&self, what: &str, ask: impl FnMut() -> Option<T>) -> T {
        match within(Duration::from_secs(20), ask) {
            Some(answer) => answer,
            None => self.fail(&format!("waited in vain for {what}")),
        }
    }

    /// Fails the test with a screenshot and the text of the page.
    #[track_caller]
    pub(crate) fn fail(&self, why: &str) -> ! {
        let name = thread::current()
            .name()
            .unwrap_or("test")
            .replace("::", "-");
        let picture = self.screenshot(&format!("failed-{name}"));
        let text = self.js("return document.body.innerText", &[]);
        let text: String = text
            .as_str()
            .unwrap_or_default()
            .chars()
            .take(1_500)
            .collect();
        let address = self.address();
        panic!(
            "{why}\nat {address}, seen in {}:\n{text}",
            picture.display()
        );
    }

    /// Allows console messages with this part.
    pub(crate) fn expect_in_console(&self, part: &str) {
        self.browser.expected.borrow_mut().push(part.to_owned());
    }

    /// Saves a screenshot of the window.
    pub(crate) fn screenshot(&self, name: &str) -> PathBuf {
        let folder = named("CRUXBOARD_SCREENSHOTS", "../target/screenshots");
        let path = folder.join(format!("{name}.png"));
        let session = self.session();
        let taken = fs::create_dir_all(&folder)
            .ok()
            .and_then(|()| RUNTIME.block_on(session.screenshot(&path)).ok());
        if taken.is_none() {
            eprintln!("no picture could be taken for {name}");
        }
        path
    }

    /// Returns the name and text of the next downloaded file.
    #[track_caller]
    pub(crate) fn downloaded(&self) -> (String, String) {
        self.eventually("a downloaded file", || {
            let downloads = self.home(Home::downloads);
            let entries = fs::read_dir(downloads).ok()?;
            let paths: Vec<_> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            // While the file is being written, an empty file is in its place.
            let [path] = paths.as_slice() else {
                return None;
            };
            let name = path.file_name()?.to_str()?.to_owned();
            let text = fs::read_to_string(path).ok()?;
            if text.is_empty() || name.starts_with('.') || name.ends_with(".crdownload") {
                return None;
            }
            fs::remove_file(path).ok()?;
            Some((name, text))
        })
    }

    /// Downloads the whole board through the app.
    #[track_caller]
    pub(crate) fn download(&self) -> String {
        use super::Find as _;
        self.button("Download").click();
        self.downloaded().1
    }

    /// Chooses a file in the dialog that a button opens.
    #[track_caller]
    pub(crate) fn choose_file(&self, button: &super::Found, name: &str, content: impl AsRef<[u8]>) {
        let path = self.home(|home| home.0.path().join(name));
        fs::write(&path, content).expect("a file to choose");
        // A headless browser shows no dialog: the file is given to the input element behind it.
        self.cdp(
            "Page.setInterceptFileChooserDialog",
            json!({ "enabled": true }),
        );
        button.click();
        let session = self.session();
        let field = self.eventually("the field for a file", || {
            RUNTIME
                .block_on(session.find(By::Css("input[type=file]")))
                .ok()
        });
        let sent = RUNTIME.block_on(field.send_keys(path.display().to_string()));
        self.expect_done("choose a file", sent);
    }

    /// Drops a file onto the page.
    #[track_caller]
    pub(crate) fn drop_file(&self, name: &str, text: &str) {
        self.js(
            "const data = new DataTransfer();
             data.items.add(new File([arguments[1]], arguments[0], { type: 'application/json' }));
             const target = document.querySelector('main');
             for (const type of ['dragenter', 'dragover', 'drop']) {
                 target.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
             }",
            &[json!(name), json!(text)],
        );
    }

    #[track_caller]
    pub(super) fn expect_done<T>(&self, what: &str, result: WebDriverResult<T>) -> T {
        match result {
            Ok(value) => value,
            Err(error) => panic!("could not {what}: {error}"),
        }
    }
}
