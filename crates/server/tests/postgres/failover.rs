//! Databases and servers that stop under load.

use super::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_restarted_in_mid_load_loses_nothing_and_the_servers_go_on() {
    let cluster = Cluster::start(&[]);
    cluster.database("boards").await;
    let home = Home::with_database(&cluster.url("boards"));
    let (one, admin) = first_board(&home).await;
    let other = home.serve();
    let (_at, addresses) = watch::channel(vec![one.address, other.address]);
    let load = Load::start(8, addresses, admin.clone(), board());
    for mode in ["fast", "immediate", "fast", "immediate"] {
        time::sleep(Duration::from_millis(400)).await;
        tokio::task::block_in_place(|| cluster.control(&["restart", "--mode", mode]));
    }
    time::sleep(Duration::from_millis(400)).await;
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > 100, "{}", acknowledged.0.len());
    acknowledged
        .are_there_once(other.address, &admin, board())
        .await;
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");

    // Without the database, the server says so.
    tokio::task::block_in_place(|| cluster.control(&["stop", "--mode", "fast"]));
    let path = format!("/boards/{}", board());
    let asking = Client::new().get(format!("http://{}{path}", one.address));
    let asking = asking.bearer_auth(&admin).header(header::ORIGIN, ORIGIN);
    let refused = asking.send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    // Without CORS headers a page could not tell this from a broken network.
    let allowed = header_of(&refused, "access-control-allow-origin");
    assert_eq!(allowed, ORIGIN);
    assert_ne!(header_of(&refused, "retry-after"), "");
    let ready = get(&Client::new(), one.address, &admin, "/readyz").await;
    assert_eq!(ready.status(), StatusCode::SERVICE_UNAVAILABLE);
    let alive = get(&Client::new(), one.address, &admin, "/healthz").await;
    assert_eq!(alive.status(), StatusCode::OK);
    one.kill();
    other.kill();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_one_can_be_killed_under_load_and_nothing_is_lost() {
    let kills = if is_long() { 200 } else { 20 };
    let cluster = tokio::task::spawn_blocking(shared).await.unwrap();
    cluster.database("kills").await;
    let home = Home::with_database(&cluster.url("kills"));
    let (first, admin) = first_board(&home).await;
    let mut programs = [first, home.serve()];
    let of =
        |programs: &[support::program::Program; 2]| vec![programs[0].address, programs[1].address];
    let (at, addresses) = watch::channel(of(&programs));
    let load = Load::start(8, addresses, admin.clone(), board());
    let mut dice = Dice(3);
    for _ in 0..kills {
        time::sleep(Duration::from_millis(20 + dice.below(150))).await;
        let [one, other] = programs;
        let (killed, kept) = if dice.below(2) == 0 {
            (one, other)
        } else {
            (other, one)
        };
        let begun = tokio::task::block_in_place(|| {
            killed.kill();
            home.serve()
        });
        programs = [kept, begun];
        at.send_replace(of(&programs));
    }
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > kills, "{}", acknowledged.0.len());
    for program in &programs {
        acknowledged
            .are_there_once(program.address, &admin, board())
            .await;
    }
    for program in programs {
        program.kill();
    }
    let report = home.said(&["check"]);
    assert!(report.contains(" 0 faults"), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_database_fails_over_to_its_standby_nothing_acknowledged_is_lost() {
    let primary = Cluster::start(&["wal_level = replica"]);
    primary.database("boards").await;
    let standby = Cluster::standby_of(&primary);
    // Otherwise the primary acknowledges writes that the standby lacks.
    primary.set(&["synchronous_standby_names = '*'"]);
    primary.control(&["reload"]);
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/boards?target_session_attrs=read-write",
        primary.port, standby.port
    );
    let home = Home::with_database(&url);
    let (program, admin) = first_board(&home).await;
    let (_at, addresses) = watch::channel(vec![program.address]);
    let load = Load::start(8, addresses, admin.clone(), board());
    time::sleep(Duration::from_millis(600)).await;
    tokio::task::block_in_place(|| {
        primary.control(&["stop", "--mode", "immediate"]);
        standby.control(&["promote"]);
    });
    time::sleep(Duration::from_millis(600)).await;
    let acknowledged = load.end().await;
    assert!(acknowledged.0.len() > 50, "{}", acknowledged.0.len());
    acknowledged
        .are_there_once(program.address, &admin, board())
        .await;
    // Writes were acknowledged after the switch too.
    let (client, changes) = (Client::new(), options(1..2));
    let more = patch(&client, program.address, &admin, board(), &changes).await;
    assert_eq!(more.unwrap().status(), StatusCode::OK);
    program.kill();
}
